package io.funes.server.api.produce;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.common.Ticker;
import io.funes.server.record.BatchLayout;
import io.funes.server.record.BodyRules;
import io.funes.server.record.EntryBuilder;
import io.funes.server.replication.AppendTerms;
import io.funes.server.replication.EarlyAppends;
import io.funes.server.replication.PartitionTable;
import io.funes.server.replication.ServedTopic;
import io.funes.server.routing.AppendForward;
import io.funes.server.routing.Caller;
import java.nio.ByteBuffer;

/** Decides what becomes of a staged request: which partition gets which bytes. */
final class ProduceHandler {
  private final PartitionTable table;
  private final EarlyAppends early;
  private final KeylessPartitions keyless;
  private final Ticker ticker;
  private final int batchBytesMax;

  ProduceHandler(PartitionTable table, EarlyAppends early, Ticker ticker, int batchBytesMax) {
    this.table = table;
    this.early = early;
    this.ticker = ticker;
    this.batchBytesMax = batchBytesMax;
    this.keyless = new KeylessPartitions(ticker);
  }

  /** The way to partitions that others lead, for one call. */
  record Others(Caller caller, AppendForward forward) {}

  /**
   * Appends the request that {@code staging} holds, here or at its leader.
   *
   * @throws RefusedException when nothing was appended
   */
  void produce(Staging staging, ProduceReply reply, Others others) {
    ProduceFrame frame = staging.frame;
    frame.checkReadable();
    ServedTopic topic = table.topic(frame.topic, frame.topicId);
    if (topic.image().name().internal()) {
      throw Refusal.of(
              ErrorCode.INTERNAL_TOPIC,
              "topic %s belongs to the brokers: clients only read it".formatted(frame.topic))
          .with("topic", frame.topic)
          .exception();
    }
    if (frame.hasBatch() == frame.hasRecords()) {
      throw frame.hasBatch()
          ? ProduceFrame.invalid("batch", "send either records or a batch, not both")
          : new RefusedException(
              ErrorCode.NO_RECORDS, "the request holds no record: send at least one");
    }
    if (frame.hasBatch()) {
      batch(staging, topic, reply, others);
    } else {
      records(staging, topic, reply, others);
    }
  }

  private void batch(Staging staging, ServedTopic topic, ProduceReply reply, Others others) {
    ProduceFrame frame = staging.frame;
    if (frame.partition == ProduceFrame.NO_PARTITION) {
      throw ProduceFrame.invalid(
          "partition", "an encoded batch needs a partition: its records are not looked at");
    }
    boolean here = isForHere(topic, frame.partition, frame);
    checkSize(frame.batchLength);
    ByteBuffer entry =
        staging.entries.fromBatch(frame.bytes, frame.batchTagAt, frame.batchAt, frame.batchLength);
    int at = EntryBuilder.batchAt(entry);
    checkProducer(frame, entry, at);
    if (here) { // Else the leader checks it.
      staging.validator.check(entry, at, entry.limit() - at, topic.rules().body());
    }
    reply.expect(1);
    AppendTerms terms = terms(frame, others.caller().partitionChosen());
    append(here, topic, frame.partition, frame, entry, terms, reply.to(frame.partition), others);
  }

  /** The batch's header is what counts and what is stored; the request may repeat it. */
  private static void checkProducer(ProduceFrame frame, ByteBuffer entry, int at) {
    if (frame.hasProducer
        && (frame.producerId != BatchLayout.producerId(entry, at)
            || frame.producerEpoch != BatchLayout.producerEpoch(entry, at)
            || frame.sequence != BatchLayout.baseSequence(entry, at))) {
      throw ProduceFrame.invalid(
          "producer",
          "producer differs from what the batch's header says: leave it out, or make them equal");
    }
  }

  private void records(Staging staging, ServedTopic topic, ProduceReply reply, Others others) {
    ProduceFrame frame = staging.frame;
    checkSize(frame.recordsEnd - frame.recordsAt);
    BodyRules rules = topic.rules().body();
    long nowMs = ticker.epochMs();
    staging.walk.over(frame.bytes, frame.recordsAt, frame.recordsEnd, nowMs, rules);
    boolean chosen = frame.partition != ProduceFrame.NO_PARTITION;
    frame.leaderEpoch = chosen ? frame.leaderEpoch : 0;
    if (!chosen && frame.expectedOffset != AppendTerms.ANY_OFFSET) {
      throw ProduceFrame.invalid("partition", "expected_offset needs a partition");
    }
    int count = staging.walk.count();
    if (!chosen && topic.partitionCount() > 1) {
      RecordRouter router = new RecordRouter(frame, count, topic.partitionCount(), keyless);
      if (router.single() == RecordRouter.SEVERAL) {
        several(staging, topic, router, nowMs, reply, others);
        return;
      }
      frame.partition = router.single();
    }
    int number = Math.max(frame.partition, 0);
    // Refuses a partition that there is not, before the work.
    boolean here = isForHere(topic, number, frame);
    ByteBuffer entry =
        staging.entries.aroundBody(
            frame.bytes,
            frame.recordsAt,
            frame.recordsEnd - frame.recordsAt,
            count,
            nowMs,
            staging.walk.maxTimestampMs());
    seal(entry, frame, frame.sequence);
    reply.expect(1);
    append(here, topic, number, frame, entry, terms(frame, !chosen), reply.to(number), others);
  }

  private void several(
      Staging staging,
      ServedTopic topic,
      RecordRouter router,
      long nowMs,
      ProduceReply reply,
      Others others) {
    ProduceFrame frame = staging.frame;
    reply.expect(router.partitionsUsed());
    ByteBuffer body = staging.second(Staging.START + frame.recordsEnd - frame.recordsAt);
    for (int number = 0; number < topic.partitionCount(); number++) {
      if (!router.uses(number)) {
        continue;
      }
      int end = router.copy(number, body.clear(), Staging.START);
      staging.walk.over(body, Staging.START, end, nowMs, topic.rules().body());
      ByteBuffer entry =
          staging.entries.aroundBody(
              body,
              Staging.START,
              end - Staging.START,
              staging.walk.count(),
              nowMs,
              staging.walk.maxTimestampMs());
      seal(entry, frame, frame.sequence + router.firstRecord(number));
      ProduceReply.Part part = reply.to(number);
      try {
        boolean here = topic.ledHere(number);
        append(here, topic, number, frame, entry, terms(frame, true), part, others);
      } catch (RefusedException e) {
        part.refused(e.refusal());
      }
    }
  }

  /** Whether this broker leads the partition, or is going to before it has heard of it. */
  private static boolean isForHere(ServedTopic topic, int number, ProduceFrame frame) {
    return topic.ledHere(number) || frame.leaderEpoch > topic.leaderEpoch(number);
  }

  /**
   * @param here decided once: what is for others was not checked
   */
  private void append(
      boolean here,
      ServedTopic topic,
      int number,
      ProduceFrame frame,
      ByteBuffer entry,
      AppendTerms terms,
      ProduceReply.Part part,
      Others others) {
    if (here) {
      early.append(topic, number, frame.leaderEpoch, entry, terms, part);
    } else {
      others.forward().append(topic, number, frame.topicId, entry, terms, part);
    }
  }

  private static void seal(ByteBuffer entry, ProduceFrame frame, int sequence) {
    int at = EntryBuilder.batchAt(entry);
    if (frame.hasProducer) {
      BatchLayout.setProducer(
          entry, at, frame.producerId, frame.producerEpoch, sequence & Integer.MAX_VALUE);
    }
    BatchLayout.setCrc(entry, at, BatchLayout.computeCrc(entry, at, entry.limit() - at));
  }

  private static AppendTerms terms(ProduceFrame frame, boolean gapsAllowed) {
    return new AppendTerms(frame.acks, frame.expectedOffset, gapsAllowed);
  }

  private void checkSize(int bytes) {
    if (bytes > batchBytesMax) {
      throw Refusal.of(
              ErrorCode.BATCH_TOO_LARGE,
              "the request's records take %d bytes, the broker allows %d: send fewer at a time"
                  .formatted(bytes, batchBytesMax))
          .with("bytes", bytes)
          .with("batch.bytes.max", batchBytesMax)
          .exception();
    }
  }
}
