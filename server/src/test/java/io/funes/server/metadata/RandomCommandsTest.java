package io.funes.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.MetadataCommand.CreateTopic;
import io.funes.server.metadata.MetadataCommand.Origin;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.Outcome.Applied;
import io.funes.server.metadata.Outcome.ProducerInitialized;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Any sequence of commands keeps the invariants, after each step; the seed is the parameter. */
class RandomCommandsTest {
  private static final MetadataLimits LIMITS = new MetadataLimits(12, 60, 5);

  /** States without which a run shows little. */
  private enum Seen {
    ELIGIBLE_LEADERS,
    NO_LEADER,
    RECOVERING,
    REASSIGNMENT,
    THREE_IN_SYNC,
    READ_ONLY_LEADER
  }

  private final Set<Seen> seen = EnumSet.noneOf(Seen.class);
  private final Map<Long, String> producerNames = new HashMap<>();
  private final Map<String, Integer> producerEpochs = new HashMap<>();
  private final Set<UUID> topicIdsGiven = new HashSet<>();
  private long anonymousNames;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 42, 1942, 20_261_121})
  void invariantsHold(long seed) throws IOException {
    Random random = new Random(seed);
    RandomClusterCommands cluster = new RandomClusterCommands(random, LIMITS);
    List<MetadataCommand> log = new ArrayList<>();
    MetadataImage image = MetadataImage.EMPTY.withVersion(MetadataVersion.NEWEST);
    byte[] snapshot = written(image);
    int snapshotAt = 0;
    for (int i = 0; i < 3_000; i++) {
      MetadataCommand command = random.nextInt(3) == 0 ? drawn(random) : cluster.next(image);
      if (CommandForm.check(command).isPresent()) {
        continue;
      }
      log.add(command);
      Step step = MetadataStateMachine.apply(image, command);
      assertStep(image, step);
      assertOutcome(command, step.outcome());
      assertEpochsRise(image, step.image());
      image = step.image();
      assertImage(image);
      assertPartitions(step.image());
      if (random.nextInt(500) == 0) {
        snapshot = written(image);
        snapshotAt = log.size();
      }
    }
    MetadataImage rebuilt =
        ImageCodec.read(new DataInputStream(new ByteArrayInputStream(snapshot)));
    for (MetadataCommand command : log.subList(snapshotAt, log.size())) {
      rebuilt = MetadataStateMachine.apply(rebuilt, command).image();
    }
    assertThat(rebuilt).isEqualTo(image);
    assertThat(written(rebuilt)).isEqualTo(written(image));
    assertThat(image.topics().size()).isPositive();
    assertThat(seen).as("what the run must have met").containsExactlyInAnyOrder(Seen.values());
  }

  private static MetadataCommand drawn(Random random) {
    String name = (random.nextInt(20) == 0 ? "__" : "") + "topic-" + random.nextInt(15);
    return switch (random.nextInt(10)) {
      case 0, 1, 2, 3 ->
          new CreateTopic(
              new TopicId(new UUID(random.nextLong(), random.nextLong())),
              new TopicName(name),
              random.nextInt(14),
              1 + random.nextInt(4),
              Map.of(
                  "retention.ms",
                  Integer.toString(random.nextInt(100) - 2),
                  "min.insync.replicas",
                  Integer.toString(1 + random.nextInt(3)),
                  "unclean.leader.election",
                  random.nextInt(5) == 0 ? "true" : "false"),
              random.nextLong(),
              random.nextBoolean() ? Origin.BROKER : Origin.CLIENT,
              LIMITS);
      case 4, 5 -> Commands.delete(name);
      case 6 -> Commands.partitions(name, 1 + random.nextInt(12));
      case 7 ->
          random.nextBoolean()
              ? Commands.configs(
                  name,
                  Map.of("min.insync.replicas", Integer.toString(1 + random.nextInt(3))),
                  Set.of())
              : Commands.configs(name, Map.of(), Set.of("flush", "retention.ms"));
      case 8 ->
          Commands.register(
              random.nextInt(4), new UUID(0, random.nextInt(3)), "host:" + random.nextInt(9));
      default ->
          new MetadataCommand.InitProducer(
              random.nextBoolean() ? "" : "producer-" + random.nextInt(7), LIMITS);
    };
  }

  private static void assertStep(MetadataImage before, Step step) {
    boolean applied = step.outcome() instanceof Applied;
    assertThat(step.image().revision()).isEqualTo(before.revision() + (applied ? 1 : 0));
    assertThat(step.delta()).isEqualTo(MetadataDelta.between(before, step.image()));
    if (!applied) {
      assertThat(step.image()).isSameAs(before);
    }
  }

  private void assertOutcome(MetadataCommand command, Outcome outcome) {
    if (command instanceof CreateTopic create && outcome instanceof Applied) {
      assertThat(topicIdsGiven.add(create.id().value())).isTrue();
    }
    if (command instanceof MetadataCommand.InitProducer init
        && outcome instanceof Applied(ProducerInitialized(long id, int epoch))) {
      String name = init.name().isEmpty() ? "anonymous " + anonymousNames++ : init.name();
      assertThat(producerNames.merge(id, name, (old, _) -> old)).isEqualTo(name);
      assertThat(epoch).isGreaterThan(producerEpochs.getOrDefault(name, -1));
      producerEpochs.put(name, epoch);
    }
  }

  private static void assertImage(MetadataImage image) {
    Map<Integer, Integer> replicas = new HashMap<>();
    int partitions = 0;
    for (TopicImage topic : image.topics()) {
      assertThat(image.topic(topic.id())).contains(topic);
      assertThat(image.topic(topic.name())).contains(topic);
      for (PartitionImage partition : topic.partitions()) {
        partitions++;
        partition.replicas().forEach(broker -> replicas.merge(broker, 1, Integer::sum));
      }
    }
    assertThat(image.topicsById().size()).isEqualTo(image.topics().size());
    assertThat(image.partitionCount()).isEqualTo(partitions);
    for (BrokerImage broker : image.brokers()) {
      assertThat(broker.replicaCount()).isEqualTo(replicas.getOrDefault(broker.id(), 0));
      assertThat(broker.epoch()).isLessThanOrEqualTo(image.revision());
    }
  }

  private void assertPartitions(MetadataImage image) {
    for (TopicImage topic : image.topics()) {
      int minInSync = Integer.parseInt(topic.configs().getOrDefault("min.insync.replicas", "1"));
      for (PartitionImage partition : topic.partitions()) {
        note(image, partition);
        assertPartition(image, partition, minInSync);
      }
    }
  }

  private static void assertPartition(
      MetadataImage image, PartitionImage partition, int minInSync) {
    List<Integer> replicas = partition.replicas();
    boolean led = partition.leaderId() != PartitionImage.NO_LEADER;
    assertThat(replicas).isNotEmpty().doesNotHaveDuplicates();
    assertThat(inOrder(replicas, partition.inSync())).isTrue();
    assertThat(inOrder(replicas, partition.eligibleLeaders())).isTrue();
    assertThat(inOrder(replicas, partition.adding())).isTrue();
    assertThat(inOrder(replicas, partition.removing())).isTrue();
    assertThat(Collections.disjoint(partition.inSync(), partition.eligibleLeaders())).isTrue();
    assertThat(Collections.disjoint(partition.adding(), partition.removing())).isTrue();
    assertThat(partition.inSync().isEmpty()).as(partition.toString()).isEqualTo(!led);
    assertThat(partition.lastLeaderId() == PartitionImage.NO_LEADER).isEqualTo(led);
    if (led) {
      assertThat(partition.inSync()).contains(partition.leaderId());
    }
    if (partition.recovering()) {
      assertThat(partition.inSync()).hasSizeLessThan(2);
    }
    if (!partition.eligibleLeaders().isEmpty()) {
      assertThat(partition.inSync()).hasSizeLessThan(Math.min(minInSync, replicas.size()));
    }
    for (int id : partition.inSync()) {
      BrokerImage broker = image.broker(id).orElseThrow();
      assertThat(broker.active() || id == partition.leaderId()).isTrue();
      assertThat(broker.fenced()).isFalse();
    }
    for (int id : replicas) {
      assertThat(image.broker(id)).isPresent();
    }
    if (led && !image.broker(partition.leaderId()).orElseThrow().writable()) {
      assertThat(partition.inSync()).noneMatch(id -> image.broker(id).orElseThrow().writable());
    }
    if (!led) {
      assertThat(partition.eligibleLeaders())
          .noneMatch(id -> image.broker(id).orElseThrow().active());
    }
  }

  /** A part of the replicas, in their order. */
  private static boolean inOrder(List<Integer> replicas, List<Integer> some) {
    return replicas.stream().filter(some::contains).toList().equals(some);
  }

  private static void assertEpochsRise(MetadataImage before, MetadataImage after) {
    for (TopicImage topic : after.topics()) {
      TopicImage old = before.topic(topic.id()).orElse(topic);
      for (int number = 0; number < old.partitions().size(); number++) {
        PartitionImage was = old.partitions().get(number);
        PartitionImage now = topic.partitions().get(number);
        if (!was.equals(now)) {
          assertThat(now.partitionEpoch()).isGreaterThan(was.partitionEpoch());
        }
        assertThat(now.leaderEpoch()).isGreaterThanOrEqualTo(was.leaderEpoch());
        if (now.leaderId() != was.leaderId()) {
          assertThat(now.leaderEpoch()).isGreaterThan(was.leaderEpoch());
        }
      }
    }
    for (BrokerImage broker : after.brokers()) {
      before
          .broker(broker.id())
          .ifPresent(old -> assertThat(broker.epoch()).isGreaterThanOrEqualTo(old.epoch()));
    }
    assertThat(after.brokerIds().next()).isGreaterThanOrEqualTo(before.brokerIds().next());
  }

  private void note(MetadataImage image, PartitionImage partition) {
    if (!partition.eligibleLeaders().isEmpty()) {
      seen.add(Seen.ELIGIBLE_LEADERS);
    }
    if (partition.leaderId() == PartitionImage.NO_LEADER) {
      seen.add(Seen.NO_LEADER);
    }
    if (partition.recovering()) {
      seen.add(Seen.RECOVERING);
    }
    if (!partition.adding().isEmpty()) {
      seen.add(Seen.REASSIGNMENT);
    }
    if (image.broker(partition.leaderId()).filter(BrokerImage::readOnly).isPresent()) {
      seen.add(Seen.READ_ONLY_LEADER);
    }
    if (partition.inSync().size() > 2) {
      seen.add(Seen.THREE_IN_SYNC);
    }
  }

  private static byte[] written(MetadataImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    ImageCodec.write(image, new DataOutputStream(bytes));
    return bytes.toByteArray();
  }
}
