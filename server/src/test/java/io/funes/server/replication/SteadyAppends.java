package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.testing.TestBatch;
import java.util.Collection;
import java.util.Comparator;
import java.util.concurrent.TimeUnit;

/**
 * Appends a record each millisecond, with acks=all, to whoever says that it leads: how long nobody
 * acknowledges one is up to the brokers alone.
 */
final class SteadyAppends {
  private static final AppendTerms ALL = new AppendTerms(Acks.ALL, AppendTerms.ANY_OFFSET, false);
  private static final long PERIOD_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final SimulatedTime time;
  private final Collection<SimulatedBroker> brokers;
  private final PartitionId partition;
  private final ClusterHistory history;
  private long acknowledgedNanos;
  private long longestGapNanos;
  private int next;

  SteadyAppends(Simulation cluster, PartitionId partition) {
    this.time = cluster.time;
    this.brokers = cluster.brokers.values();
    this.partition = partition;
    this.history = cluster.history;
    this.acknowledgedNanos = time.nanos();
  }

  void begin() {
    time.in(PERIOD_NANOS, this::begin);
    String value = "steady/" + next++;
    brokers.stream()
        .flatMap(broker -> broker.leader(partition).stream())
        .max(Comparator.comparingInt(LeaderPartition::leaderEpoch))
        .ifPresent(leader -> append(leader, value));
  }

  long longestGapMs() {
    return TimeUnit.NANOSECONDS.toMillis(longestGapNanos);
  }

  private void append(LeaderPartition leader, String value) {
    try {
      leader.append(
          TestBatch.of(value).entry(),
          ALL,
          new AppendCallback() {
            @Override
            public void appended(
                long baseOffset, long lastOffset, long appendTimeMs, boolean deduplicated) {
              acknowledged(value, baseOffset);
            }

            @Override
            public void refused(Refusal refusal) {
              // The next one comes in a millisecond.
            }
          });
    } catch (RefusedException e) {
      // As above.
    }
  }

  private void acknowledged(String value, long offset) {
    history.acknowledged(partition, offset, value);
    longestGapNanos = Math.max(longestGapNanos, time.nanos() - acknowledgedNanos);
    acknowledgedNanos = time.nanos();
  }
}
