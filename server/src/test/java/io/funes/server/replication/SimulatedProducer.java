package io.funes.server.replication;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.testing.TestBatch;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/**
 * An idempotent producer with acks=all: sends one record after the other, each until it is
 * acknowledged. Requests and answers may be late, lost, or go to a broker that leads no more.
 */
final class SimulatedProducer {
  private static final AppendTerms ALL = new AppendTerms(Acks.ALL, AppendTerms.ANY_OFFSET, false);
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final long producerId;
  private final PartitionId partition;
  private final SimulatedTime time;
  private final Random random;
  private final SimulatedQuorum quorum;
  private final Map<Integer, SimulatedBroker> brokers;
  private final ClusterHistory history;
  private int sequence;
  private long attempt;
  private boolean stopped;

  SimulatedProducer(
      long producerId,
      PartitionId partition,
      SimulatedTime time,
      Random random,
      SimulatedQuorum quorum,
      Map<Integer, SimulatedBroker> brokers,
      ClusterHistory history) {
    this.producerId = producerId;
    this.partition = partition;
    this.time = time;
    this.random = random;
    this.quorum = quorum;
    this.brokers = brokers;
    this.history = history;
  }

  int acknowledged() {
    return sequence;
  }

  void stop() {
    stopped = true;
  }

  void send() {
    if (stopped) {
      return;
    }
    long mine = ++attempt;
    String value = producerId + "/" + sequence;
    SimulatedBroker target = brokers.get(target());
    if (target != null && random.nextInt(50) != 0) {
      time.soon(3_000, () -> target.whenRunning(() -> append(target, value, mine)));
    }
    time.in(
        TIMEOUT_NANOS,
        () -> {
          if (attempt == mine) {
            send();
          }
        });
  }

  /** Mostly the leader, sometimes whoever was or will be. */
  private int target() {
    return random.nextInt(10) == 0
        ? random.nextInt(brokers.size())
        : quorum
            .image()
            .topic(partition.topicId())
            .map(topic -> topic.partitions().get(partition.partition()).leaderId())
            .orElse(PartitionImage.NO_LEADER);
  }

  private void append(SimulatedBroker target, String value, long mine) {
    try {
      target
          .leader(partition)
          .orElseThrow(() -> PartitionRefusals.notLeader(partition, -1, 0).exception())
          .append(
              TestBatch.of(value).producer(producerId, 0, sequenceOf(value)).entry(),
              ALL,
              new AppendCallback() {
                @Override
                public void appended(
                    long baseOffset, long lastOffset, long appendTimeMs, boolean deduplicated) {
                  answer(() -> acknowledged(value, baseOffset));
                }

                @Override
                public void refused(Refusal refusal) {
                  boolean leadsNow = history.leadsNow(target, partition);
                  answer(() -> retry(refusal, value, mine, leadsNow));
                }
              });
    } catch (RefusedException e) {
      boolean leadsNow = history.leadsNow(target, partition);
      answer(() -> retry(e.refusal(), value, mine, leadsNow));
    }
  }

  private static int sequenceOf(String value) {
    return Integer.parseInt(value.substring(value.indexOf('/') + 1));
  }

  private void answer(Runnable answer) {
    if (random.nextInt(20) != 0) {
      time.soon(3_000, answer);
    }
  }

  private void acknowledged(String value, long offset) {
    history.acknowledged(partition, offset, value);
    if (sequenceOf(value) == sequence) {
      sequence++;
      attempt++;
      time.soon(20_000, this::send);
    }
  }

  private void retry(Refusal refusal, String value, long mine, boolean leadsNow) {
    if (attempt != mine) {
      return;
    }
    // A leader that has not heard of the next one yet may miss what that one has acknowledged.
    if (refusal.code() == ErrorCode.SEQUENCE_GAP && leadsNow) {
      throw new ClusterHistory.Violation("%s: %s".formatted(value, refusal.message()));
    }
    attempt++;
    time.soon(100_000, this::send);
  }
}
