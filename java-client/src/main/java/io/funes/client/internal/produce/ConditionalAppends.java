package io.funes.client.internal.produce;

import com.google.protobuf.ByteString;
import io.funes.client.Acks;
import io.funes.client.CallTimeoutException;
import io.funes.client.Header;
import io.funes.client.OffsetMismatchException;
import io.funes.client.ProducerRecord;
import io.funes.client.RecordPosition;
import io.funes.client.TopicPartition;
import io.funes.client.UnavailableException;
import io.funes.client.internal.transport.Connection;
import io.funes.proto.v1.PartitionAppend;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProducerState;
import io.funes.proto.v1.Record;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Appends that depend on the log's end: one record, one request, one answer. They are numbered
 * apart from the batches, so that a repetition whose first try was written is told so, and not that
 * the offset is taken. Safe for use by several threads; those of one partition go one by one.
 */
public final class ConditionalAppends {
  private final ConcurrentHashMap<TopicPartition, Numbering> numberings = new ConcurrentHashMap<>();
  private final ProduceSettings settings;
  private final Connection connection;

  /** Of one partition. Guarded by itself. */
  private static final class Numbering {
    private ProducerIdentity identity = ProducerIdentity.random();
    private int nextSequence;

    /** What was sent before cannot be written any more, or needs no place in the order. */
    void beginAnew() {
      identity = identity.next();
      nextSequence = 0;
    }

    ProducerState next() {
      return ProducerState.newBuilder()
          .setProducerId(identity.producerId())
          .setEpoch(identity.epoch())
          .setSequence(nextSequence)
          .build();
    }

    void written() {
      nextSequence = (nextSequence + 1) & Integer.MAX_VALUE;
    }
  }

  public ConditionalAppends(ProduceSettings settings, Connection connection) {
    this.settings = settings;
    this.connection = connection;
  }

  public RecordPosition append(ProducerRecord record, long expectedOffset) {
    TopicPartition partition = new TopicPartition(record.topic(), record.partition());
    Numbering numbering = numberings.computeIfAbsent(partition, unused -> new Numbering());
    ProduceRequest.Builder request =
        ProduceRequest.newBuilder()
            .setTopic(record.topic())
            .setPartition(record.partition())
            .setAcks(
                settings.acks() == Acks.ALL
                    ? io.funes.proto.v1.Acks.ACKS_ALL
                    : io.funes.proto.v1.Acks.ACKS_LEADER)
            .setExpectedOffset(expectedOffset)
            .addRecords(message(record));
    synchronized (numbering) {
      return append(request, numbering, partition);
    }
  }

  private RecordPosition append(
      ProduceRequest.Builder request, Numbering numbering, TopicPartition partition) {
    boolean answered = false;
    try {
      request.setProducer(numbering.next());
      PartitionAppend append =
          connection
              .call(
                  ProduceServiceGrpc.getProduceMethod(), request.build(), settings.deliveryNanos())
              .getAppends(0);
      numbering.written();
      answered = true;
      return new RecordPosition(partition, append.getBaseOffset());
    } catch (OffsetMismatchException e) {
      answered = true;
      throw e;
    } catch (CallTimeoutException | UnavailableException e) {
      throw settings.deliveryTimedOut(partition, e);
    } finally {
      if (!answered) {
        numbering.beginAnew();
      }
    }
  }

  private static Record message(ProducerRecord from) {
    Record.Builder record = Record.newBuilder();
    if (from.key() != null) {
      record.setKey(ByteString.copyFrom(from.key()));
    }
    if (from.value() != null) {
      record.setValue(ByteString.copyFrom(from.value()));
    }
    if (from.timestampMs() >= 0) {
      record.setTimestampMs(from.timestampMs());
    }
    for (Header header : from.headers()) {
      var sent = io.funes.proto.v1.Header.newBuilder().setName(header.name());
      if (header.value() != null) {
        sent.setValue(ByteString.copyFrom(header.value()));
      }
      record.addHeaders(sent);
    }
    return record.build();
  }
}
