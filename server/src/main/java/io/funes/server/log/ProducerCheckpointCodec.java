package io.funes.server.log;

import io.funes.server.common.PartitionId;
import io.funes.server.log.LeaderEpochs.Boundary;
import io.funes.server.log.ProducerCheckpoint.ProducedBatch;
import io.funes.server.log.ProducerCheckpoint.ProducerState;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Checkpoints as bytes, big endian, with a version in front. */
final class ProducerCheckpointCodec {
  private static final byte VERSION = 2;
  private static final int EPOCH_BYTES = 4 + 8;
  private static final int PRODUCER_BYTES = 8 + 4 + 8 + 4;
  private static final int BATCH_BYTES = 4 + 4 + 8 + 8 + 8;

  private ProducerCheckpointCodec() {}

  static byte[] key(PartitionId partition) {
    return ByteBuffer.allocate(1 + 16 + 4)
        .put(VERSION)
        .putLong(partition.topicId().value().getMostSignificantBits())
        .putLong(partition.topicId().value().getLeastSignificantBits())
        .putInt(partition.partition())
        .array();
  }

  static byte[] encode(ProducerCheckpoint checkpoint) {
    int bytes = 1 + 8 + 4 + 4 + EPOCH_BYTES * checkpoint.epochs().size();
    for (ProducerState producer : checkpoint.producers()) {
      bytes += PRODUCER_BYTES + BATCH_BYTES * producer.batches().size();
    }
    ByteBuffer b = ByteBuffer.allocate(bytes);
    b.put(VERSION).putLong(checkpoint.coveredOffset()).putInt(checkpoint.epochs().size());
    for (Boundary epoch : checkpoint.epochs()) {
      b.putInt(epoch.epoch()).putLong(epoch.startOffset());
    }
    b.putInt(checkpoint.producers().size());
    for (ProducerState producer : checkpoint.producers()) {
      b.putLong(producer.producerId()).putInt(producer.epoch()).putLong(producer.lastHeardMs());
      b.putInt(producer.batches().size());
      for (ProducedBatch batch : producer.batches()) {
        b.putInt(batch.baseSequence()).putInt(batch.recordCount());
        b.putLong(batch.baseOffset()).putLong(batch.lastOffset()).putLong(batch.appendTimeMs());
      }
    }
    return b.array();
  }

  /** Nothing where the bytes are of another version or cut. */
  static Optional<ProducerCheckpoint> decode(byte[] bytes) {
    ByteBuffer b = ByteBuffer.wrap(bytes);
    try {
      if (b.get() != VERSION) {
        return Optional.empty();
      }
      long coveredOffset = b.getLong();
      List<Boundary> epochs = new ArrayList<>();
      for (int left = b.getInt(); left > 0; left--) {
        epochs.add(new Boundary(b.getInt(), b.getLong()));
      }
      List<ProducerState> producers = new ArrayList<>();
      for (int left = b.getInt(); left > 0; left--) {
        producers.add(
            new ProducerState(b.getLong(), b.getInt(), b.getLong(), batches(b, b.getInt())));
      }
      return Optional.of(new ProducerCheckpoint(coveredOffset, epochs, producers));
    } catch (BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  private static List<ProducedBatch> batches(ByteBuffer b, int count) {
    List<ProducedBatch> batches = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      batches.add(new ProducedBatch(b.getInt(), b.getInt(), b.getLong(), b.getLong(), b.getLong()));
    }
    return batches;
  }
}
