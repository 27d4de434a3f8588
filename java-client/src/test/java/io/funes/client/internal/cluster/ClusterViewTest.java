package io.funes.client.internal.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.client.TopicPartition;
import io.funes.client.internal.transport.Leadership;
import io.funes.proto.v1.Broker;
import io.funes.proto.v1.BrokerState;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.TopicMetadata;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is believed when brokers differ. */
final class ClusterViewTest {
  private static final Broker ONE = Broker.newBuilder().setId(1).setAddress("one:1").build();
  private static final Broker TWO = Broker.newBuilder().setId(2).setAddress("two:1").build();

  private static ClusterView.News news(
      long revision, List<Broker> brokers, TopicMetadata... topics) {
    return new ClusterView.News(revision, brokers, List.of(topics), List.of());
  }

  /** A topic of one partition. */
  private static TopicMetadata led(String topic, int leader) {
    return TopicMetadata.newBuilder()
        .setName(topic)
        .addPartitions(Partition.newBuilder().setLeaderId(leader))
        .build();
  }

  @Test
  void theNewestWordCounts() {
    ClusterView view =
        ClusterView.EMPTY
            .with(news(5, List.of(ONE, TWO), led("t", 2)))
            .with(news(4, List.of(ONE), led("t", 1)));

    assertThat(view.address(view.led("t", 0))).isEqualTo("two:1");
  }

  @Test
  void aTopicNobodyHasToldOfIsTakenFromAnyone() {
    ClusterView view =
        ClusterView.EMPTY
            .with(news(5, List.of(ONE, TWO), led("t", 2)))
            .with(news(4, List.of(ONE, TWO), led("later", 1)));

    assertThat(view.address(view.led("later", 0))).isEqualTo("one:1");
  }

  @Test
  void aTopicThatIsGoneHasNoLeader() {
    ClusterView view = ClusterView.EMPTY.with(news(5, List.of(ONE), led("t", 1)));

    assertThat(
            view.with(new ClusterView.News(4, List.of(ONE), List.of(), List.of("t"))).led("t", 0))
        .isNotNull();
    assertThat(
            view.with(new ClusterView.News(6, List.of(ONE), List.of(), List.of("t"))).led("t", 0))
        .isNull();
  }

  @Test
  void aPartitionOrLeaderNobodyHasToldOfHasNoWay() {
    ClusterView view = ClusterView.EMPTY.with(news(5, List.of(ONE), led("t", 2)));

    assertThat(view.led("t", 0)).isNull();
    assertThat(view.led("t", 1)).isNull();
    assertThat(view.led("other", 0)).isNull();
  }

  @Test
  void aRefusalThatTellsOfALaterEpochIsNews() {
    ClusterView view = ClusterView.EMPTY.with(news(5, List.of(ONE, TWO), led("t", 1)));
    TopicPartition partition = new TopicPartition("t", 0);

    ClusterView moved = view.with(partition, new Leadership(2, 7));

    assertThat(moved.address(moved.led("t", 0))).isEqualTo("two:1");
    assertThat(moved.with(partition, new Leadership(1, 6))).isSameAs(moved);
    assertThat(view.with(partition, new Leadership(9, 7))).as("an unknown broker").isSameAs(view);
    assertThat(view.with(new TopicPartition("t", 1), new Leadership(2, 7))).isSameAs(view);
    ClusterView late = moved.with(news(5, List.of(ONE, TWO), led("t", 1)));
    assertThat(late.address(late.led("t", 0))).as("told by who is behind").isEqualTo("two:1");
  }

  @Test
  void aTopicOfTheSameNameBeginsItsEpochsAnew() {
    ClusterView view =
        ClusterView.EMPTY
            .with(news(5, List.of(ONE, TWO), led("t", 1)))
            .with(new TopicPartition("t", 0), new Leadership(2, 7));

    ClusterView anew =
        view.with(news(6, List.of(ONE, TWO), led("t", 1).toBuilder().setId("of another").build()));

    assertThat(anew.address(anew.led("t", 0))).isEqualTo("one:1");
  }

  @Test
  void theSameSaidAgainIsNoChange() {
    ClusterView view = ClusterView.EMPTY.with(news(5, List.of(ONE, TWO), led("t", 1)));

    assertThat(view.with(news(6, List.of(ONE, TWO), led("t", 1))).saysTheSameAs(view)).isTrue();
    assertThat(view.with(news(6, List.of(ONE), led("t", 1))).saysTheSameAs(view)).isFalse();
    assertThat(view.with(news(6, List.of(ONE, TWO), led("t", 2))).saysTheSameAs(view)).isFalse();
    assertThat(view.with(news(6, List.of(ONE, TWO), led("u", 1))).saysTheSameAs(view)).isFalse();
  }

  private static Broker in(String rack, int id) {
    return Broker.newBuilder()
        .setId(id)
        .setRack(rack)
        .setState(BrokerState.BROKER_STATE_UP)
        .build();
  }

  private static Partition partition(int number, Integer... inSync) {
    return Partition.newBuilder()
        .setPartition(number)
        .setLeaderId(inSync[0])
        .addAllInSyncReplicaIds(List.of(inSync))
        .build();
  }

  @Test
  void nearIsWhoIsInSyncUpAndInTheRack() {
    Broker fenced = in("a", 4).toBuilder().setState(BrokerState.BROKER_STATE_FENCED).build();
    ClusterView view =
        ClusterView.EMPTY.with(
            news(5, List.of(in("b", 1), in("a", 2), in("a", 3), fenced, in("", 5))));

    assertThat(view.near(partition(0, 1, 3), "a").getId()).isEqualTo(3);
    assertThat(view.near(partition(0, 1, 4), "a")).isNull();
    assertThat(view.near(partition(0, 1, 9), "a")).isNull();
    assertThat(view.near(partition(0, 1, 2, 3), "c")).isNull();
  }

  @Test
  void ofSeveralNearByTheLeaderIsTakenAndElseTheyShareThePartitions() {
    ClusterView view = ClusterView.EMPTY.with(news(5, List.of(in("b", 1), in("a", 2), in("a", 3))));

    assertThat(view.near(partition(0, 3, 2, 1), "a").getId()).isEqualTo(3);
    assertThat(view.near(partition(0, 1, 2, 3), "a").getId()).isEqualTo(2);
    assertThat(view.near(partition(1, 1, 2, 3), "a").getId()).isEqualTo(3);
    assertThat(view.near(partition(2, 1, 2, 3), "a").getId()).isEqualTo(2);
  }
}
