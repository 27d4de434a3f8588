package io.funes.it;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.Acks;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.PartitionAppend;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProducerState;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.TopicServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * Numbers with acks=all from bare stubs: one after the other, each sent again with the same
 * sequence to whoever leads then until it is acknowledged. It looks for the leader often, so that
 * the gaps it sees are the cluster's and not its own.
 */
final class SequencedProducer implements AutoCloseable {
  private static final long GIVE_UP_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Nobody answers for a broker that hangs: another may lead by now. */
  private static final long ANSWER_MS_MAX = 300;

  private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  private final String topic;
  private final int partition;
  private final List<ManagedChannel> brokers;
  private final List<Long> offsets = new ArrayList<>();
  private long longestGapNanos;
  private int leader;

  /** Brokers by their numbers in the cluster. */
  SequencedProducer(String topic, List<BrokerProcess> brokers) {
    this(topic, 0, brokers);
  }

  SequencedProducer(String topic, int partition, List<BrokerProcess> brokers) {
    this.topic = topic;
    this.partition = partition;
    this.brokers = brokers.stream().map(BrokerProcess::channel).toList();
  }

  /** Where each number stands, by the broker's own word. */
  List<Long> offsets() {
    return offsets;
  }

  /** Longest time between two acknowledgements since the last look. */
  long takeLongestGapMs() {
    long longest = longestGapNanos;
    longestGapNanos = 0;
    return TimeUnit.NANOSECONDS.toMillis(longest);
  }

  void send(int count) {
    for (int i = 0; i < count; i++) {
      long begin = System.nanoTime();
      offsets.add(sendOne(offsets.size(), begin));
      longestGapNanos = Math.max(longestGapNanos, System.nanoTime() - begin);
    }
  }

  private long sendOne(int number, long begin) {
    ProduceRequest request =
        ProduceRequest.newBuilder()
            .setTopic(topic)
            .setPartition(partition)
            .setAcks(Acks.ACKS_ALL)
            .setProducer(ProducerState.newBuilder().setProducerId(77).setSequence(number))
            .addRecords(
                Record.newBuilder().setValue(ByteString.copyFromUtf8(Integer.toString(number))))
            .build();
    while (true) {
      try {
        PartitionAppend append =
            ProduceServiceGrpc.newBlockingStub(brokers.get(leader))
                .withDeadlineAfter(ANSWER_MS_MAX, TimeUnit.MILLISECONDS)
                .produce(request)
                .getAppends(0);
        return append.getBaseOffset();
      } catch (StatusRuntimeException e) {
        if (System.nanoTime() - begin > GIVE_UP_NANOS) {
          throw e;
        }
        LockSupport.parkNanos(RETRY_NANOS);
        leader = leader();
      }
    }
  }

  /** As the first broker says that answers, which need not be so any more. */
  int leader() {
    return IntStream.range(1, 1 + brokers.size())
        .map(step -> (leader + step) % brokers.size())
        .map(this::leaderAsTold)
        .filter(id -> id >= 0)
        .findFirst()
        .orElse(leader);
  }

  private int leaderAsTold(int broker) {
    try {
      brokers.get(broker).resetConnectBackoff();
      return TopicServiceGrpc.newBlockingStub(brokers.get(broker))
          .withDeadlineAfter(ANSWER_MS_MAX, TimeUnit.MILLISECONDS)
          .getTopic(GetTopicRequest.newBuilder().setName(topic).build())
          .getTopic()
          .getPartitions(partition)
          .getLeaderId();
    } catch (StatusRuntimeException e) {
      return -1;
    }
  }

  @Override
  public void close() {
    brokers.forEach(ManagedChannel::shutdownNow);
  }
}
