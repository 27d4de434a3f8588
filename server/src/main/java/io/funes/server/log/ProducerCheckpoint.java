package io.funes.server.log;

import java.util.List;

/**
 * The producers of a partition as they are after all records below {@code coveredOffset}.
 *
 * @param soleEpoch leader epoch of all these records, -1 where there is more than one or no record
 * @param producers the least recently heard first
 */
public record ProducerCheckpoint(long coveredOffset, int soleEpoch, List<ProducerState> producers) {
  /** What is known before anything is read of a log that begins at {@code startOffset}. */
  static ProducerCheckpoint none(long startOffset) {
    return new ProducerCheckpoint(startOffset, -1, List.of());
  }

  public ProducerCheckpoint {
    producers = List.copyOf(producers);
  }

  /** One producer: its epoch and its newest batches in that epoch, oldest first. */
  public record ProducerState(
      long producerId, int epoch, long lastHeardMs, List<ProducedBatch> batches) {
    public ProducerState {
      batches = List.copyOf(batches);
    }
  }

  /** A batch as its producer numbered it, and where it stands in the log. */
  public record ProducedBatch(
      int baseSequence, int recordCount, long baseOffset, long lastOffset, long appendTimeMs) {}
}
