package io.funes.server.metadata;

import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataCommand.ShutDownBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.Outcome.Applied;
import io.funes.server.metadata.Outcome.BrokerShuttingDown;
import io.funes.server.metadata.Outcome.InSyncAltered;
import io.funes.server.metadata.Outcome.Refused;
import io.funes.server.metadata.Outcome.TopicChanged;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** An image that commands are applied to one after the other, form checks included. */
final class Cluster {
  MetadataImage image = MetadataImage.EMPTY;
  MetadataDelta delta = MetadataDelta.NONE;

  static Cluster of(int brokers) {
    Cluster cluster = new Cluster();
    for (int id = 1; id <= brokers; id++) {
      cluster.apply(Commands.register(id));
    }
    return cluster;
  }

  Outcome apply(MetadataCommand command) {
    Optional<Refusal> malformed = CommandForm.check(command);
    if (malformed.isPresent()) {
      return new Refused(malformed.get());
    }
    Step step = MetadataStateMachine.apply(image, command);
    image = step.image();
    delta = step.delta();
    return step.outcome();
  }

  TopicImage changed(MetadataCommand command) {
    return switch (apply(command)) {
      case Applied(TopicChanged(TopicImage topic)) -> topic;
      case Outcome other -> throw new AssertionError("not a changed topic: " + other);
    };
  }

  Refusal refused(MetadataCommand command) {
    return switch (apply(command)) {
      case Refused(Refusal refusal) -> refusal;
      case Applied applied -> throw new AssertionError("not refused: " + applied);
    };
  }

  /** A topic of one partition, on these brokers, which are all in sync. */
  PartitionImage partitionOn(String topic, Map<String, String> configs, Integer... replicas) {
    changed(Commands.create(topic, 1, 1, configs));
    List<Integer> target = List.of(replicas);
    apply(Commands.replicas(id(topic), target)).orThrow();
    if (!partition(topic).adding().isEmpty()) {
      PartitionImage now = partition(topic);
      List<Integer> all = new ArrayList<>(now.inSync());
      now.adding().stream().filter(id -> !all.contains(id)).forEach(all::add);
      inSync(topic, all.toArray(Integer[]::new));
    }
    apply(new ElectLeaders(List.of(id(topic)), ElectLeaders.Kind.PREFERRED)).orThrow();
    return partition(topic);
  }

  PartitionImage partition(String topic) {
    return topic(topic).partitions().getFirst();
  }

  PartitionId id(String topic) {
    return topic(topic).partitionId(0);
  }

  BrokerImage broker(int id) {
    return image.broker(id).orElseThrow();
  }

  void fence(Integer... ids) {
    for (int id : ids) {
      apply(new FenceBroker(id, broker(id).epoch())).orThrow();
    }
  }

  void unfence(Integer... ids) {
    for (int id : ids) {
      apply(new UnfenceBroker(id, broker(id).epoch())).orThrow();
    }
  }

  /** How many partitions it leads still. */
  int shutDown(int id) {
    return ((BrokerShuttingDown) apply(new ShutDownBroker(id, broker(id).epoch())).orThrow())
        .leaders();
  }

  /** Starts it again, as far as its registration; {@code clean}: its files were closed properly. */
  void restart(int id, boolean clean) {
    BrokerImage old = broker(id);
    UUID incarnation = new UUID(id, old.incarnation().getLeastSignificantBits() + 1);
    apply(
            new RegisterBroker(
                id,
                incarnation,
                old.address(),
                old.internalAddress(),
                old.rack(),
                clean ? Optional.of(old.incarnation()) : Optional.empty(),
                true))
        .orThrow();
  }

  /** The leader of the topic's partition asks for these in-sync replicas, with all epochs right. */
  PartitionAnswer inSync(String topic, Integer... ids) {
    return alter(change(topic, false, ids));
  }

  /** The change that the leader would ask for now. */
  InSyncChange change(String topic, boolean recovered, Integer... ids) {
    PartitionImage now = partition(topic);
    List<Member> members =
        Stream.of(ids)
            .map(id -> new Member(id, image.broker(id).map(BrokerImage::epoch).orElse(-1L)))
            .toList();
    return new InSyncChange(id(topic), now.leaderEpoch(), now.partitionEpoch(), members, recovered);
  }

  /** By the leader of the partition. */
  PartitionAnswer alter(InSyncChange change) {
    TopicImage topic = image.topic(change.partition().topicId()).orElseThrow();
    return alter(topic.partitions().get(change.partition().partition()).leaderId(), change)
        .getFirst();
  }

  List<PartitionAnswer> alter(int brokerId, InSyncChange... changes) {
    AlterInSync command = new AlterInSync(brokerId, broker(brokerId).epoch(), List.of(changes));
    return ((InSyncAltered) apply(command).orThrow()).answers();
  }

  TopicImage topic(String name) {
    return image.topic(new TopicName(name)).orElseThrow();
  }
}
