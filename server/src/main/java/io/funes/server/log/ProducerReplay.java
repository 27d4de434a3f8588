package io.funes.server.log;

import io.funes.server.common.PartitionId;
import java.io.IOException;

/** Makes the producers' state again after the log was cut. */
final class ProducerReplay {
  private ProducerReplay() {}

  /** Begins with the stored checkpoint where it fits, and takes what the log has after it. */
  static void run(
      ProducerSequences producers,
      PartitionId partition,
      LogSegment[] segments,
      LogEnvironment environment)
      throws IOException {
    long start = segments[0].baseOffset();
    ProducerCheckpoint from =
        environment
            .checkpoints()
            .load(partition)
            .filter(stored -> stored.coveredOffset() >= start)
            .orElse(ProducerCheckpoint.none(start));
    producers.restore(from);
    long nowMs = environment.ticker().epochMs();
    for (LogSegment segment : segments) {
      if (segment.nextOffset() > from.coveredOffset()) {
        SegmentScan.run(
            segment,
            new SegmentIndex(),
            segment.view().positionOf(from.coveredOffset()),
            segment.sizeBytes(),
            batch -> producers.replay(batch.header(), batch.at(), nowMs));
      }
    }
  }
}
