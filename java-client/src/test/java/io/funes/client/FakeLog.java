package io.funes.client;

import io.funes.proto.v1.ErrorReason;
import io.funes.proto.v1.OffsetRange;
import io.funes.proto.v1.ProducerFenced;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.SequenceGap;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A partition of the fake broker, which guards it: batches with offsets, and what the last ones of
 * each producer were.
 */
final class FakeLog {
  final List<RecordBatch> batches = new ArrayList<>();
  final Map<Long, List<RecordBatch>> lastOfProducer = new HashMap<>();
  long start;
  long end;

  /** Appends, or finds what was appended before. */
  RecordBatch append(RecordBatch batch) {
    if (batch.getProducerId() == 0) {
      return add(batch);
    }
    List<RecordBatch> last =
        lastOfProducer.computeIfAbsent(batch.getProducerId(), id -> new ArrayList<>());
    if (!last.isEmpty()) {
      RecordBatch newest = last.get(last.size() - 1);
      if (batch.getProducerEpoch() < newest.getProducerEpoch()) {
        throw Refusals.exception(
            ErrorReason.ERROR_REASON_STALE_PRODUCER_EPOCH,
            "stale",
            ProducerFenced.newBuilder().setCurrentEpoch(newest.getProducerEpoch()).build());
      }
      boolean sameEpoch = batch.getProducerEpoch() == newest.getProducerEpoch();
      for (RecordBatch known : last) {
        if (sameEpoch
            && known.getProducerEpoch() == batch.getProducerEpoch()
            && known.getBaseSequence() == batch.getBaseSequence()
            && known.getRecordCount() == batch.getRecordCount()) {
          return known;
        }
      }
      int expected = sameEpoch ? newest.getBaseSequence() + newest.getRecordCount() : 0;
      if (batch.getBaseSequence() != expected) {
        throw gap(expected, batch.getBaseSequence());
      }
    } else if (batch.getBaseSequence() != 0) {
      throw gap(0, batch.getBaseSequence());
    }
    RecordBatch added = add(batch);
    last.add(added);
    if (last.size() > 5) {
      last.remove(0);
    }
    return added;
  }

  /** Whether the batch was appended before. */
  boolean knows(RecordBatch batch) {
    return lastOfProducer.getOrDefault(batch.getProducerId(), List.of()).stream()
        .anyMatch(known ->
            known.getProducerEpoch() == batch.getProducerEpoch()
                && known.getBaseSequence() == batch.getBaseSequence());
  }

  static StatusRuntimeException gap(int expected, int sequence) {
    return Refusals.exception(
        ErrorReason.ERROR_REASON_SEQUENCE_GAP,
        "gap",
        SequenceGap.newBuilder().setExpectedSequence(expected).setSequence(sequence).build());
  }

  private RecordBatch add(RecordBatch batch) {
    RecordBatch added = batch.toBuilder().setBaseOffset(end).setLeaderEpoch(3).build();
    batches.add(added);
    end += batch.getLastOffsetDelta() + 1;
    return added;
  }

  /** Index of the first batch with this offset or a higher one. */
  int indexOf(long offset) {
    if (offset < start || offset > end) {
      throw Refusals.exception(
          ErrorReason.ERROR_REASON_OFFSET_OUT_OF_RANGE,
          "out of range",
          OffsetRange.newBuilder().setLogStartOffset(start).setHighWatermark(end).build());
    }
    int index = 0;
    while (index < batches.size() && nextOffset(batches.get(index)) <= offset) {
      index++;
    }
    return index;
  }

  static long nextOffset(RecordBatch batch) {
    return batch.getBaseOffset() + batch.getLastOffsetDelta() + 1;
  }

  /** Values of all records, for uncompressed batches. */
  List<String> values() {
    List<String> values = new ArrayList<>();
    for (RecordBatch batch : batches) {
      batch.getRecords().getRecordsList().forEach(r -> values.add(r.getValue().toStringUtf8()));
    }
    return values;
  }
}
