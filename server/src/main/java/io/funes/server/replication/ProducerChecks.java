package io.funes.server.replication;

import io.funes.server.log.ProducerSequences;
import io.funes.server.log.Verdict;
import io.funes.server.record.BatchLayout;
import java.nio.ByteBuffer;
import java.util.OptionalInt;

/** Judges the batches of idempotent producers before they are appended. */
final class ProducerChecks {
  private final ProducerSequences sequences;
  private final ProducerFence fence;

  ProducerChecks(ProducerSequences sequences, ProducerFence fence) {
    this.sequences = sequences;
    this.fence = fence;
  }

  /**
   * Where the batch stands already, or null for one to be appended.
   *
   * @throws io.funes.server.common.RefusedException for one that must not be
   */
  Verdict.Duplicate check(ByteBuffer entry, int at, long producerId, boolean gapsAllowed) {
    int sequence = BatchLayout.baseSequence(entry, at);
    int epoch = BatchLayout.producerEpoch(entry, at);
    OptionalInt newest = fence.newestEpoch(producerId);
    if (newest.isPresent() && epoch < newest.getAsInt()) {
      throw PartitionRefusals.staleEpoch(producerId, newest.getAsInt());
    }
    int count = BatchLayout.recordCount(entry, at);
    Verdict verdict =
        gapsAllowed
            ? sequences.checkRising(producerId, epoch, sequence, count)
            : sequences.check(producerId, epoch, sequence, count);
    return switch (verdict) {
      case Verdict.Fresh fresh -> null;
      case Verdict.Duplicate duplicate -> duplicate;
      case Verdict.Gap gap ->
          throw PartitionRefusals.sequenceGap(producerId, gap.expectedSequence(), sequence);
      case Verdict.StaleEpoch stale ->
          throw PartitionRefusals.staleEpoch(producerId, stale.currentEpoch());
    };
  }
}
