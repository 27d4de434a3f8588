package io.funes.server.metadata;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is different in an image, for those who keep something per topic or broker. Topics in name
 * order, brokers in id order, those that were forgotten last.
 */
public record MetadataDelta(
    List<TopicImage> created,
    List<Change> changed,
    List<TopicImage> deleted,
    List<BrokerChange> brokers) {
  /** A topic before and after. */
  public record Change(TopicImage before, TopicImage after) {
    /** Numbers of the partitions that are new or not as they were. */
    public List<Integer> partitions() {
      List<Integer> numbers = new ArrayList<>();
      int old = before.partitions().size();
      for (int number = 0; number < after.partitions().size(); number++) {
        PartitionImage now = after.partitions().get(number);
        if (number >= old || !now.equals(before.partitions().get(number))) {
          numbers.add(number);
        }
      }
      return numbers;
    }

    /** Those of them that were there and have another leader epoch now. */
    public List<Integer> newLeaderEpochs() {
      return partitions().stream()
          .filter(number ->
              number < before.partitions().size()
                  && before.partitions().get(number).leaderEpoch()
                      != after.partitions().get(number).leaderEpoch())
          .toList();
    }
  }

  /**
   * A broker before and after: other than by the number of its replicas.
   *
   * @param before empty for a new one
   * @param after empty for one that was forgotten
   */
  public record BrokerChange(Optional<BrokerImage> before, Optional<BrokerImage> after) {}

  static final MetadataDelta NONE = new MetadataDelta(List.of(), List.of(), List.of(), List.of());

  public MetadataDelta {
    created = List.copyOf(created);
    changed = List.copyOf(changed);
    deleted = List.copyOf(deleted);
    brokers = List.copyOf(brokers);
  }

  /** Of the brokers that have changed, those that take part now; without {@code self}. */
  public Stream<BrokerImage> activeBrokers(int self) {
    return brokers.stream()
        .flatMap(change -> change.after().stream())
        .filter(broker -> broker.active() && broker.id() != self);
  }

  static MetadataDelta created(TopicImage topic) {
    return new MetadataDelta(List.of(topic), List.of(), List.of(), List.of());
  }

  static MetadataDelta changed(TopicImage before, TopicImage after) {
    return before.equals(after) ? NONE : changed(List.of(new Change(before, after)));
  }

  static MetadataDelta changed(List<Change> changes) {
    return new MetadataDelta(List.of(), changes, List.of(), List.of());
  }

  static MetadataDelta deleted(TopicImage topic) {
    return new MetadataDelta(List.of(), List.of(), List.of(topic), List.of());
  }

  /**
   * From one image to any later one: what a listener is told that joins late, or that a snapshot
   * overtook.
   */
  public static MetadataDelta between(MetadataImage before, MetadataImage after) {
    List<TopicImage> created = new ArrayList<>();
    List<Change> changed = new ArrayList<>();
    List<TopicImage> deleted = new ArrayList<>();
    for (TopicImage topic : after.topics()) {
      before
          .topic(topic.id())
          .ifPresentOrElse(
              old -> {
                if (!old.equals(topic)) {
                  changed.add(new Change(old, topic));
                }
              },
              () -> created.add(topic));
    }
    for (TopicImage topic : before.topics()) {
      if (after.topic(topic.id()).isEmpty()) {
        deleted.add(topic);
      }
    }
    return new MetadataDelta(created, changed, deleted, List.of()).withBrokers(before, after);
  }

  MetadataDelta withBrokers(MetadataImage before, MetadataImage after) {
    return new MetadataDelta(created, changed, deleted, brokers(before, after));
  }

  public boolean isEmpty() {
    return created.isEmpty() && changed.isEmpty() && deleted.isEmpty() && brokers.isEmpty();
  }

  private static List<BrokerChange> brokers(MetadataImage before, MetadataImage after) {
    List<BrokerChange> changes = new ArrayList<>();
    for (BrokerImage broker : after.brokers()) {
      Optional<BrokerImage> old = before.broker(broker.id());
      if (!old.map(was -> was.withReplicaCount(broker.replicaCount()))
          .equals(Optional.of(broker))) {
        changes.add(new BrokerChange(old, Optional.of(broker)));
      }
    }
    for (BrokerImage broker : before.brokers()) {
      if (after.broker(broker.id()).isEmpty()) {
        changes.add(new BrokerChange(Optional.of(broker), Optional.empty()));
      }
    }
    return changes;
  }
}
