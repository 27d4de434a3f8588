package io.funes.server.metadata;

import io.funes.server.common.PartitionId;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.AlterReplicas;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.JoinBroker;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataCommand.SetReadOnly;
import io.funes.server.metadata.MetadataCommand.ShutDownBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataCommand.UnregisterBroker;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.UUID;

/** Commands about brokers and partitions: mostly right for the image, sometimes out of date. */
final class RandomClusterCommands {
  private static final int BROKERS = 6;

  private final Random random;
  private final MetadataLimits limits;

  RandomClusterCommands(Random random, MetadataLimits limits) {
    this.random = random;
    this.limits = limits;
  }

  MetadataCommand next(MetadataImage image) {
    int broker = random.nextInt(BROKERS);
    long epoch = image.broker(broker).map(BrokerImage::epoch).orElse(0L);
    long said = random.nextInt(10) == 0 ? epoch - 1 : epoch;
    return switch (random.nextInt(20)) {
      case 0, 1 -> register(image, broker);
      case 2, 3 -> new FenceBroker(broker, said);
      case 4, 5, 6, 7 -> new UnfenceBroker(broker, said);
      case 8 -> new ShutDownBroker(broker, said);
      case 9 ->
          random.nextBoolean()
              ? new UnregisterBroker(broker, said)
              : new JoinBroker(new UUID(1, random.nextInt(5)));
      case 10 -> new SetReadOnly(broker, said, random.nextBoolean());
      case 11 ->
          new ElectLeaders(
              partitions(image, 1 + random.nextInt(5)),
              random.nextInt(4) == 0 ? ElectLeaders.Kind.UNCLEAN : ElectLeaders.Kind.PREFERRED);
      case 12, 13, 14 -> reassign(image);
      default -> alterInSync(image);
    };
  }

  private RegisterBroker register(MetadataImage image, int broker) {
    Optional<UUID> last = image.broker(broker).map(BrokerImage::incarnation);
    return new RegisterBroker(
        broker,
        new UUID(broker, random.nextInt(3)),
        "host:" + random.nextInt(9),
        "inside:" + random.nextInt(9),
        random.nextInt(3) == 0 ? Optional.empty() : Optional.of("rack-" + broker % 3),
        random.nextBoolean() ? last : Optional.empty(),
        random.nextInt(8) > 0);
  }

  private MetadataCommand reassign(MetadataImage image) {
    List<Integer> ids = new ArrayList<>();
    image.brokers().forEach(broker -> ids.add(broker.id()));
    Collections.shuffle(ids, random);
    List<Integer> target = ids.subList(0, Math.min(ids.size(), 1 + random.nextInt(4)));
    PartitionId partition = partitions(image, 1).getFirst();
    return new AlterReplicas(
        partition, random.nextInt(3) == 0 ? Optional.empty() : Optional.of(target), limits);
  }

  /** Several changes of one leader, each of some of the replicas. */
  private MetadataCommand alterInSync(MetadataImage image) {
    List<PartitionId> ids = partitions(image, 8);
    int leader = leader(image, ids.getFirst());
    List<InSyncChange> changes = new ArrayList<>();
    for (PartitionId id : ids) {
      if (leader(image, id) == leader || random.nextInt(10) == 0) {
        changes.add(change(image, id));
      }
    }
    return new AlterInSync(
        leader, image.broker(leader).map(BrokerImage::epoch).orElse(0L), changes);
  }

  private InSyncChange change(MetadataImage image, PartitionId id) {
    PartitionImage now = partition(image, id);
    if (now == null) {
      return new InSyncChange(id, 0, 0, List.of(), false);
    }
    List<Member> members = new ArrayList<>();
    for (int replica : now.replicas()) {
      boolean active = image.broker(replica).map(BrokerImage::active).orElse(false);
      boolean wanted = active ? random.nextInt(4) > 0 : random.nextInt(30) == 0;
      if (replica == now.leaderId() || wanted) {
        long epoch = image.broker(replica).map(BrokerImage::epoch).orElse(0L);
        members.add(new Member(replica, random.nextInt(10) == 0 ? -1 : epoch));
      }
    }
    return new InSyncChange(
        id,
        now.leaderEpoch() + (random.nextInt(20) == 0 ? random.nextInt(3) - 1 : 0),
        now.partitionEpoch() + (random.nextInt(20) == 0 ? random.nextInt(3) - 1 : 0),
        members,
        random.nextInt(3) == 0);
  }

  private List<PartitionId> partitions(MetadataImage image, int count) {
    List<TopicImage> topics = new ArrayList<>();
    image.topics().forEach(topics::add);
    List<PartitionId> ids = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ids.add(
          topics.isEmpty()
              ? new PartitionId(new io.funes.server.common.TopicId(new UUID(0, 0)), 0)
              : picked(topics.get(random.nextInt(topics.size()))));
    }
    return ids;
  }

  private PartitionId picked(TopicImage topic) {
    boolean beyond = random.nextInt(30) == 0;
    return topic.partitionId(beyond ? 99 : random.nextInt(topic.partitions().size()));
  }

  private static int leader(MetadataImage image, PartitionId id) {
    PartitionImage partition = partition(image, id);
    return partition == null ? 0 : partition.leaderId();
  }

  private static PartitionImage partition(MetadataImage image, PartitionId id) {
    return image
        .topic(id.topicId())
        .filter(topic -> id.partition() < topic.partitions().size())
        .map(topic -> topic.partitions().get(id.partition()))
        .orElse(null);
  }
}
