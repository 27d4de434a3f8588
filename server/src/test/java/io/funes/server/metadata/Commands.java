package io.funes.server.metadata;

import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.MetadataCommand.AlterReplicas;
import io.funes.server.metadata.MetadataCommand.CreateTopic;
import io.funes.server.metadata.MetadataCommand.DeleteTopic;
import io.funes.server.metadata.MetadataCommand.InitProducer;
import io.funes.server.metadata.MetadataCommand.Origin;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataCommand.UpdateTopic;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;

/** Commands with everything that a test does not mean left at a default. */
public final class Commands {
  private Commands() {}

  public static CreateTopic create(String name, int partitions) {
    return create(name, partitions, 1, Map.of());
  }

  public static CreateTopic create(
      String name, int partitions, int replicas, Map<String, String> configs) {
    return create(name, partitions, replicas, configs, MetadataLimits.DEFAULT);
  }

  public static CreateTopic create(
      String name,
      int partitions,
      int replicas,
      Map<String, String> configs,
      MetadataLimits limits) {
    return new CreateTopic(
        new TopicId(UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))),
        new TopicName(name),
        partitions,
        replicas,
        configs,
        1_760_000_000_000L,
        Origin.CLIENT,
        limits);
  }

  public static UpdateTopic partitions(String name, int count) {
    return new UpdateTopic(
        new TopicName(name),
        Optional.empty(),
        OptionalInt.of(count),
        Map.of(),
        Set.of(),
        Origin.CLIENT,
        MetadataLimits.DEFAULT);
  }

  public static UpdateTopic configs(String name, Map<String, String> set, Set<String> reset) {
    return new UpdateTopic(
        new TopicName(name),
        Optional.empty(),
        OptionalInt.empty(),
        set,
        reset,
        Origin.CLIENT,
        MetadataLimits.DEFAULT);
  }

  public static DeleteTopic delete(String name) {
    return new DeleteTopic(new TopicName(name), Optional.empty(), Origin.CLIENT);
  }

  public static RegisterBroker register(int id) {
    return register(id, new UUID(id, 0), "127.0.0.1:" + (1942 + id));
  }

  /** A broker that serves at once, as the first one does. */
  public static RegisterBroker register(int id, UUID incarnation, String address) {
    return register(id, incarnation, address, "");
  }

  /** One that other brokers reach, too. */
  public static RegisterBroker register(
      int id, UUID incarnation, String address, String internalAddress) {
    return new RegisterBroker(
        id, incarnation, address, internalAddress, Optional.empty(), Optional.empty(), false);
  }

  /** Reassigns a partition. */
  public static AlterReplicas replicas(PartitionId partition, List<Integer> replicas) {
    return new AlterReplicas(partition, Optional.of(replicas), MetadataLimits.DEFAULT);
  }

  public static InitProducer init(String name) {
    return new InitProducer(name, MetadataLimits.DEFAULT);
  }
}
