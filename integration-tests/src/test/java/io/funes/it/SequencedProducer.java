package io.funes.it;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.Acks;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProducerState;
import io.funes.proto.v1.Record;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Numbers with acks=all to one partition, from bare stubs: one after the other, each sent again
 * with the same sequence to whoever leads then until it is acknowledged.
 */
final class SequencedProducer {
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(120);
  private static final long DEADLINE_MS = 300;

  private final Leaders leaders;
  private final String topic;
  private final int partition;
  private final List<Long> offsets = new ArrayList<>();
  private volatile int acknowledged;
  private volatile long longestGapNanos;
  private int leader;

  SequencedProducer(Leaders leaders, String topic, int partition) {
    this.leaders = leaders;
    this.topic = topic;
    this.partition = partition;
  }

  int partition() {
    return partition;
  }

  /** Any thread may ask. */
  int acknowledged() {
    return acknowledged;
  }

  /** Where each number stands, by the broker's own word. */
  List<Long> offsets() {
    return offsets;
  }

  /** Longest time that a number took, since the last look. */
  long takeLongestGapMs() {
    long longest = longestGapNanos;
    longestGapNanos = 0;
    return TimeUnit.NANOSECONDS.toMillis(longest);
  }

  void send(int count) {
    for (int i = 0; i < count; i++) {
      long begin = System.nanoTime();
      offsets.add(sendOne(offsets.size(), begin));
      acknowledged = offsets.size();
      longestGapNanos = Math.max(longestGapNanos, System.nanoTime() - begin);
    }
  }

  private long sendOne(int number, long begin) {
    ProduceRequest request = request(1_000 + partition, number, Integer.toString(number));
    while (true) {
      try {
        return ProduceServiceGrpc.newBlockingStub(leaders.channel(leader))
            .withDeadlineAfter(DEADLINE_MS, TimeUnit.MILLISECONDS)
            .produce(request)
            .getAppends(0)
            .getBaseOffset();
      } catch (StatusRuntimeException e) {
        if (System.nanoTime() - begin > GIVE_UP_NANOS) {
          throw e;
        }
        leader = leaders.leader(topic, partition);
      }
    }
  }

  /** One record with a sequence of its producer's. */
  ProduceRequest request(long producerId, int sequence, String value) {
    return ProduceRequest.newBuilder()
        .setTopic(topic)
        .setPartition(partition)
        .setAcks(Acks.ACKS_ALL)
        .setProducer(ProducerState.newBuilder().setProducerId(producerId).setSequence(sequence))
        .addRecords(Record.newBuilder().setValue(ByteString.copyFromUtf8(value)))
        .build();
  }
}
