package io.funes.server.replication;

import com.google.protobuf.InvalidProtocolBufferException;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.Segment;
import io.funes.server.common.PartitionId;
import io.funes.server.log.LogSlice;
import io.funes.server.log.PartitionLog;
import io.funes.server.metadata.PartitionImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What has been seen of a simulated cluster, and what must hold of it after every event:
 *
 * <ul>
 *   <li>an acknowledged record is never lost: whoever leads has it, at the offset that was told;
 *   <li>below the high watermarks, all logs are the same for ever;
 *   <li>a high watermark never falls while its process lives;
 *   <li>a follower's, up to which it shows its log, is never above what leaders have reached;
 *   <li>an epoch has one leader;
 *   <li>every in-sync replica holds all that is below any leader's watermark.
 * </ul>
 */
final class ClusterHistory {
  private final Map<PartitionId, TreeMap<Long, String>> acknowledged = new HashMap<>();
  private final Map<PartitionId, TreeMap<Long, String>> committed = new HashMap<>();
  private final Map<Seen, Long> watermarks = new HashMap<>();
  private final Map<PartitionId, Long> leaderWatermarks = new HashMap<>();
  private final Set<Seen> led = new HashSet<>();
  private final Map<Epoch, Integer> leaders = new HashMap<>();
  private final SimulatedQuorum quorum;
  private final Collection<SimulatedBroker> brokers;

  private record Seen(int brokerId, long life, PartitionId partition) {}

  private record Epoch(PartitionId partition, int leaderEpoch) {}

  /** What must not be. */
  static final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    Violation(String message) {
      super(message);
    }
  }

  ClusterHistory(SimulatedQuorum quorum, Collection<SimulatedBroker> brokers) {
    this.quorum = quorum;
    this.brokers = brokers;
  }

  int acknowledgedCount() {
    return acknowledged.values().stream().mapToInt(Map::size).sum();
  }

  void acknowledged(PartitionId partition, long offset, String value) {
    TreeMap<Long, String> records = acknowledged.computeIfAbsent(partition, _ -> new TreeMap<>());
    String before = records.put(offset, value);
    if (before != null && !before.equals(value)) {
      throw new Violation("offset %d was told to %s and to %s".formatted(offset, before, value));
    }
    for (SimulatedBroker broker : brokers) {
      if (leadsNow(broker, partition)) {
        PartitionLog log = replica(broker, partition).log();
        check(broker, value, records(log, offset, offset + 1).get(offset));
      }
    }
  }

  /** Whether the broker leads, and no newer leader was elected yet. */
  boolean leadsNow(SimulatedBroker broker, PartitionId partition) {
    return broker
        .leader(partition)
        .filter(leader -> leader.leaderEpoch() == image(partition).leaderEpoch())
        .isPresent();
  }

  private void check(SimulatedBroker broker, String acknowledged, String found) {
    if (!acknowledged.equals(found)) {
      throw new Violation(
          "broker %d leads and has %s for the acknowledged %s"
              .formatted(broker.id(), found, acknowledged));
    }
  }

  private PartitionImage image(PartitionId partition) {
    return quorum
        .image()
        .topic(partition.topicId())
        .orElseThrow()
        .partitions()
        .get(partition.partition());
  }

  private static Replica replica(SimulatedBroker broker, PartitionId partition) {
    return broker.replica(partition).orElseThrow();
  }

  void check(List<PartitionId> partitions) {
    for (PartitionId partition : partitions) {
      for (SimulatedBroker broker : brokers) {
        broker
            .replica(partition)
            .ifPresent(replica -> {
              watermark(broker, partition, replica);
              followerKnowsNoMoreThanLeaders(broker, partition, replica);
              leader(broker, partition, replica.leader());
            });
      }
      inSyncReplicasHoldWhatIsCommitted(partition);
    }
  }

  private void watermark(SimulatedBroker broker, PartitionId partition, Replica replica) {
    Seen seen = new Seen(broker.id(), broker.life(), partition);
    long before = watermarks.getOrDefault(seen, replica.log().logStartOffset());
    long now = replica.highWatermark();
    if (now < before) {
      throw new Violation(
          "broker %d: watermark of %s fell from %d to %d"
              .formatted(broker.id(), partition, before, now));
    }
    if (now > before) {
      watermarks.put(seen, now);
      TreeMap<Long, String> all = committed.computeIfAbsent(partition, _ -> new TreeMap<>());
      Map<Long, String> here = records(replica.log(), before, now);
      for (long offset = before; offset < now; offset++) {
        String value = here.get(offset);
        String known = all.putIfAbsent(offset, String.valueOf(value));
        if (value == null || (known != null && !known.equals(value))) {
          throw new Violation(
              "broker %d has %s below its watermark at offset %d, where %s was committed"
                  .formatted(broker.id(), value, offset, known));
        }
      }
    }
  }

  private void followerKnowsNoMoreThanLeaders(
      SimulatedBroker broker, PartitionId partition, Replica replica) {
    Seen seen = new Seen(broker.id(), broker.life(), partition);
    long now = replica.highWatermark();
    boolean leads = replica.leader() != null;
    // What it reached as leader may be seen first when it no longer is one.
    if (leads || led.contains(seen)) {
      leaderWatermarks.merge(partition, now, Math::max);
    } else if (now > leaderWatermarks.getOrDefault(partition, 0L)) {
      throw new Violation(
          "broker %d shows %s up to %d, leaders have reached %d"
              .formatted(
                  broker.id(), partition, now, leaderWatermarks.getOrDefault(partition, 0L)));
    }
    if (leads) {
      led.add(seen);
    } else {
      led.remove(seen);
    }
  }

  private void leader(SimulatedBroker broker, PartitionId partition, LeaderPartition leader) {
    if (leader == null) {
      return;
    }
    Integer first = leaders.putIfAbsent(new Epoch(partition, leader.leaderEpoch()), broker.id());
    if (first == null) {
      if (leader.leaderEpoch() == image(partition).leaderEpoch()) {
        holdsAll(broker, partition);
      }
    } else if (first != broker.id()) {
      throw new Violation(
          "brokers %d and %d lead in epoch %d".formatted(first, broker.id(), leader.leaderEpoch()));
    }
  }

  /** What was ever committed or acknowledged is in this log. */
  void holdsAll(SimulatedBroker broker, PartitionId partition) {
    PartitionLog log = replica(broker, partition).log();
    Map<Long, String> here = records(log, log.logStartOffset(), log.logEndOffset());
    has(broker, here, "committed", committed.getOrDefault(partition, new TreeMap<>()));
    has(broker, here, "acknowledged", acknowledged.getOrDefault(partition, new TreeMap<>()));
  }

  private static void has(
      SimulatedBroker broker, Map<Long, String> here, String how, Map<Long, String> known) {
    known.forEach((offset, value) -> {
      if (!value.equals(here.get(offset))) {
        throw new Violation(
            "broker %d has %s at offset %d, where %s was %s"
                .formatted(broker.id(), here.get(offset), offset, value, how));
      }
    });
  }

  private void inSyncReplicasHoldWhatIsCommitted(PartitionId partition) {
    TreeMap<Long, String> all = committed.get(partition);
    if (all == null) {
      return;
    }
    long end = all.lastKey() + 1;
    PartitionImage image = image(partition);
    for (SimulatedBroker broker : brokers) {
      if (image.inSync().contains(broker.id()) && broker.hasItsData()) {
        broker
            .replica(partition)
            .filter(replica -> replica.log().logEndOffset() < end)
            .ifPresent(replica -> {
              throw new Violation(
                  "broker %d is in sync and ends at %d, %d is committed"
                      .formatted(broker.id(), replica.log().logEndOffset(), end));
            });
      }
    }
  }

  static Map<Long, String> records(PartitionLog log, long from, long to) {
    Map<Long, String> records = new TreeMap<>();
    try {
      for (long offset = from; offset < to; ) {
        try (LogSlice slice = log.read(offset, 1 << 20, to)) {
          if (slice.isEmpty()) {
            return records;
          }
          gather(slice, records);
          offset = slice.nextOffset();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return records;
  }

  private static void gather(LogSlice slice, Map<Long, String> records) throws IOException {
    try {
      for (RecordBatch batch : Segment.parseFrom(slice.bytes()).getBatchesList()) {
        for (int i = 0; i < batch.getRecords().getRecordsCount(); i++) {
          records.put(
              batch.getBaseOffset() + i,
              batch.getRecords().getRecords(i).getValue().toStringUtf8());
        }
      }
    } catch (InvalidProtocolBufferException e) {
      throw new IOException(e);
    }
  }
}
