package io.funes.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.MetadataCommand.CreateTopic;
import io.funes.server.metadata.MetadataCommand.DeleteTopic;
import io.funes.server.metadata.MetadataCommand.InitProducer;
import io.funes.server.metadata.MetadataCommand.Origin;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.Outcome.Applied;
import io.funes.server.metadata.Outcome.BrokerRegistered;
import io.funes.server.metadata.Outcome.ProducerInitialized;
import io.funes.server.metadata.Outcome.Refused;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class MetadataStateMachineTest {
  private static final TopicId OTHER_ID = new TopicId(new UUID(7, 7));

  @Test
  void createdTopicIsInTheImageByNameAndById() {
    Cluster cluster = Cluster.of(1);
    CreateTopic command = Commands.create("orders", 3, 1, Map.of("retention.ms", "-1"));

    TopicImage topic = cluster.changed(command);

    assertThat(topic.id()).isEqualTo(command.id());
    assertThat(topic.createdMs()).isEqualTo(command.createdMs());
    assertThat(topic.configs()).containsExactly(Map.entry("retention.ms", "-1"));
    assertThat(topic.partitions()).hasSize(3).containsOnly(PartitionImage.created(List.of(1)));
    assertThat(cluster.image.topic(new TopicName("orders"))).contains(topic);
    assertThat(cluster.image.topic(command.id())).contains(topic);
    assertThat(cluster.delta).isEqualTo(MetadataDelta.created(topic));
  }

  @Test
  void secondTopicOfANameIsRefusedAndChangesNothing() {
    Cluster cluster = Cluster.of(1);
    cluster.changed(Commands.create("orders", 3));
    MetadataImage before = cluster.image;

    Refusal refusal = cluster.refused(Commands.create("orders", 1));

    assertThat(refusal.code()).isEqualTo(ErrorCode.TOPIC_EXISTS);
    assertThat(refusal.metadata()).containsEntry("topic", "orders");
    assertThat(cluster.image).isSameAs(before);
    assertThat(cluster.delta.isEmpty()).isTrue();
  }

  @Test
  void clientMayNotTouchInternalTopicsAndABrokerMay() {
    Cluster cluster = Cluster.of(1);
    CreateTopic fromClient = Commands.create("__groups", 1);
    CreateTopic fromBroker =
        new CreateTopic(
            fromClient.id(),
            fromClient.name(),
            1,
            1,
            Map.of(),
            0,
            Origin.BROKER,
            MetadataLimits.DEFAULT);

    assertThat(cluster.refused(fromClient).code()).isEqualTo(ErrorCode.INTERNAL_TOPIC);
    cluster.changed(fromBroker);
    assertThat(cluster.refused(Commands.partitions("__groups", 9)).code())
        .isEqualTo(ErrorCode.INTERNAL_TOPIC);
    assertThat(cluster.refused(Commands.delete("__groups")).code())
        .isEqualTo(ErrorCode.INTERNAL_TOPIC);
  }

  @Test
  void moreReplicasThanBrokersAreRefused() {
    Refusal refusal = Cluster.of(2).refused(Commands.create("orders", 1, 3, Map.of()));

    assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    assertThat(refusal.metadata())
        .containsEntry("replication_factor", "3")
        .containsEntry("brokers", "2");
    assertThat(Cluster.of(2).refused(Commands.create("orders", 1, 0, Map.of())).code())
        .isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
  }

  @Test
  void partitionCountOutOfRangeIsRefused() {
    for (int count : new int[] {Integer.MIN_VALUE, -1, 0, 10_001, Integer.MAX_VALUE}) {
      Refusal refusal = Cluster.of(1).refused(Commands.create("orders", count));
      assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_PARTITION_COUNT);
      assertThat(refusal.metadata()).containsEntry("partition_count_max", "10000");
    }
  }

  @Test
  void brokerTakesPartitionsUpToItsLimit() {
    MetadataLimits limits = new MetadataLimits(100, 10, 1);
    Cluster cluster = Cluster.of(1);

    cluster.changed(Commands.create("a", 6, 1, Map.of(), limits));
    Refusal refusal = cluster.refused(Commands.create("b", 5, 1, Map.of(), limits));
    assertThat(refusal.code()).isEqualTo(ErrorCode.TOO_MANY_PARTITIONS);
    assertThat(refusal.metadata())
        .containsEntry("partitions", "11")
        .containsEntry("partitions_max", "10");

    cluster.changed(Commands.create("b", 4, 1, Map.of(), limits));
    cluster.apply(Commands.delete("a"));
    cluster.changed(Commands.create("c", 6, 1, Map.of(), limits));
  }

  @Test
  void brokerOverALoweredLimitDoesNotStopTopicsOnOthers() {
    Cluster cluster = Cluster.of(1);
    cluster.changed(Commands.create("a", 21));
    cluster.apply(Commands.register(2)); // Whose turn is next after an odd number.

    MetadataLimits lowered = new MetadataLimits(100, 10, 1);

    assertThat(cluster.changed(Commands.create("b", 1, 1, Map.of(), lowered)).partitions())
        .hasSize(1);
  }

  @Test
  void partitionsAreAddedAndNeverTakenAway() {
    Cluster cluster = Cluster.of(1);
    cluster.changed(Commands.create("orders", 3));

    TopicImage topic = cluster.changed(Commands.partitions("orders", 5));

    assertThat(topic.partitions()).hasSize(5);
    assertThat(cluster.image.partitionCount()).isEqualTo(5);
    assertThat(cluster.delta.changed()).hasSize(1);
    for (int count : new int[] {5, 4, 1}) {
      Refusal refusal = cluster.refused(Commands.partitions("orders", count));
      assertThat(refusal.code()).isEqualTo(ErrorCode.INVALID_PARTITION_COUNT);
      assertThat(refusal.metadata()).containsEntry("partition_count_now", "5");
    }
  }

  @Test
  void configsAreSetKeptAndReset() {
    Cluster cluster = Cluster.of(1);
    cluster.changed(
        Commands.create("orders", 1, 1, Map.of("flush", "before-ack", "retention.ms", "1000")));

    TopicImage topic =
        cluster.changed(
            Commands.configs(
                "orders", Map.of("segment.bytes", "65536"), Set.of("retention.ms", "segment.ms")));

    assertThat(topic.configs())
        .containsExactly(Map.entry("flush", "before-ack"), Map.entry("segment.bytes", "65536"));
  }

  @Test
  void badConfigsAreRefused() {
    Cluster cluster = Cluster.of(1);
    cluster.changed(Commands.create("orders", 1));

    assertThat(
            cluster.refused(Commands.configs("orders", Map.of("flush", "often"), Set.of())).code())
        .isEqualTo(ErrorCode.INVALID_TOPIC_CONFIG);
    assertThat(cluster.refused(Commands.configs("orders", Map.of(), Set.of("flash"))).code())
        .isEqualTo(ErrorCode.INVALID_TOPIC_CONFIG);
    assertThat(
            cluster
                .refused(Commands.configs("orders", Map.of("flush", "os"), Set.of("flush")))
                .code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(cluster.refused(Commands.create("b", 1, 1, Map.of("x", "y"))).code())
        .isEqualTo(ErrorCode.INVALID_TOPIC_CONFIG);
  }

  @Test
  void topicThatIsNotThereIsRefused() {
    Cluster cluster = Cluster.of(1);

    assertThat(cluster.refused(Commands.partitions("orders", 2)).code())
        .isEqualTo(ErrorCode.UNKNOWN_TOPIC);
    assertThat(cluster.refused(Commands.delete("orders")).code())
        .isEqualTo(ErrorCode.UNKNOWN_TOPIC);
  }

  @Test
  void topicCreatedAgainIsAnotherTopic() {
    Cluster cluster = Cluster.of(1);
    TopicImage first = cluster.changed(Commands.create("orders", 2));

    assertThat(cluster.apply(Commands.delete("orders")))
        .isEqualTo(new Applied(new Outcome.TopicDeleted(first)));
    assertThat(cluster.delta).isEqualTo(MetadataDelta.deleted(first));
    assertThat(cluster.image.topic(first.id())).isEmpty();
    cluster.changed(
        new CreateTopic(
            OTHER_ID, first.name(), 1, 1, Map.of(), 0, Origin.CLIENT, MetadataLimits.DEFAULT));

    Refusal refusal =
        cluster.refused(new DeleteTopic(first.name(), Optional.of(first.id()), Origin.CLIENT));
    assertThat(refusal.code()).isEqualTo(ErrorCode.TOPIC_ID_MISMATCH);
    assertThat(refusal.metadata())
        .containsEntry("topic_id", OTHER_ID.toString())
        .containsEntry("expected_topic_id", first.id().toString());
  }

  @Test
  void validatingAnswersAsApplyingWouldAndChangesNothing() {
    Cluster cluster = Cluster.of(1);
    MetadataImage before = cluster.image;
    CreateTopic good = Commands.create("orders", 2);

    Outcome validated = MetadataStateMachine.validate(before, good);

    assertThat(cluster.image).isSameAs(before);
    assertThat(cluster.apply(good)).isEqualTo(validated);
    assertThat(MetadataStateMachine.validate(cluster.image, good)).isInstanceOf(Refused.class);
    assertThat(MetadataStateMachine.validate(cluster.image, Commands.create("b", 0)))
        .isInstanceOf(Refused.class);
  }

  @Test
  void newIncarnationOfABrokerGetsAHigherEpochAndARepeatedCallDoesNot() {
    Cluster cluster = Cluster.of(1);
    cluster.changed(Commands.create("orders", 4));
    RegisterBroker restarted = Commands.register(1, new UUID(1, 1), "127.0.0.1:1");
    long first = cluster.image.broker(1).orElseThrow().epoch();

    long second = epoch(cluster.apply(restarted));
    long repeated = epoch(cluster.apply(restarted));

    assertThat(second).isGreaterThan(first).isEqualTo(repeated);
    assertThat(cluster.image.broker(1))
        .contains(
            new BrokerImage(
                1,
                new UUID(1, 1),
                "127.0.0.1:1",
                "",
                Optional.empty(),
                second,
                false,
                false,
                false,
                4));
  }

  @Test
  void producerKeepsItsIdAndEachInstanceGetsAHigherEpoch() {
    Cluster cluster = Cluster.of(1);

    ProducerInitialized first = producer(cluster.apply(Commands.init("billing")));
    ProducerInitialized other = producer(cluster.apply(Commands.init("shipping")));
    ProducerInitialized second = producer(cluster.apply(Commands.init("billing")));

    assertThat(first.epoch()).isZero();
    assertThat(second).isEqualTo(new ProducerInitialized(first.producerId(), 1));
    assertThat(other.producerId()).isNotEqualTo(first.producerId());
    assertThat(cluster.image.producerEpoch(first.producerId())).hasValue(1);
    assertThat(cluster.image.producerEpoch(other.producerId())).hasValue(0);
  }

  @Test
  void anonymousProducerGetsAFreshIdThatFencesNobody() {
    Cluster cluster = Cluster.of(1);

    ProducerInitialized first = producer(cluster.apply(Commands.init("")));
    ProducerInitialized second = producer(cluster.apply(Commands.init("")));

    assertThat(first.producerId()).isPositive();
    assertThat(second.producerId()).isGreaterThan(first.producerId());
    assertThat(second.epoch()).isZero();
    assertThat(cluster.image.producerEpoch(first.producerId())).isEmpty();
    assertThat(cluster.image.producerEpoch(Long.MAX_VALUE)).isEmpty();
  }

  @Test
  void producerNamesHaveLimits() {
    Cluster cluster = Cluster.of(1);
    MetadataLimits one = new MetadataLimits(1, 1, 1);
    cluster.apply(new InitProducer("a", one));

    assertThat(cluster.refused(new InitProducer("b", one)).code())
        .isEqualTo(ErrorCode.LIMIT_REACHED);
    assertThat(cluster.apply(new InitProducer("a", one))).isInstanceOf(Applied.class);
    assertThat(cluster.apply(new InitProducer("", one))).isInstanceOf(Applied.class);
    assertThat(cluster.refused(Commands.init("x".repeat(250))).code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void epochsOfANameEndInsteadOfStartingAgain() {
    MetadataImage image =
        MetadataImage.EMPTY.withProducer(new ProducerImage("billing", 1, Integer.MAX_VALUE));

    Outcome outcome = MetadataStateMachine.apply(image, Commands.init("billing")).outcome();

    assertThat(outcome)
        .isInstanceOfSatisfying(
            Refused.class,
            refused -> assertThat(refused.refusal().code()).isEqualTo(ErrorCode.LIMIT_REACHED));
  }

  private static long epoch(Outcome outcome) {
    return ((BrokerRegistered) outcome.orThrow()).brokerEpoch();
  }

  private static ProducerInitialized producer(Outcome outcome) {
    return (ProducerInitialized) outcome.orThrow();
  }
}
