package io.funes.server.log;

import java.util.List;

/**
 * What the records below {@code coveredOffset} tell: the producers of a partition and its leader
 * epochs.
 *
 * @param epochs in rising order
 * @param producers the least recently heard first
 */
public record ProducerCheckpoint(
    long coveredOffset, List<LeaderEpochs.Boundary> epochs, List<ProducerState> producers) {
  /** What is known before anything is read of a log that begins at {@code startOffset}. */
  static ProducerCheckpoint none(long startOffset) {
    return new ProducerCheckpoint(startOffset, List.of(), List.of());
  }

  public ProducerCheckpoint {
    epochs = List.copyOf(epochs);
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
