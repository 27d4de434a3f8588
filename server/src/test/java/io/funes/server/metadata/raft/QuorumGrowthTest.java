package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataStateMachine;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Brokers 1 to 6 are up; some of them belong to the quorum. */
class QuorumGrowthTest {
  private static final List<Integer> UP = IntStream.rangeClosed(1, 6).boxed().toList();

  @Test
  void secondBrokerListensUntilThereIsAThird() {
    assertThat(grown(1, 3)).isEqualTo(1);
    assertThat(grown(2, 3)).isEqualTo(1);
    assertThat(grown(3, 3)).isEqualTo(3);
    assertThat(grown(6, 3)).isEqualTo(3);
  }

  @Test
  void fourVotersAreNoBetterThanThree() {
    assertThat(grown(4, 5)).isEqualTo(3);
    assertThat(grown(5, 5)).isEqualTo(5);
    assertThat(grown(6, 5)).isEqualTo(5);
    assertThat(grown(6, 4)).as("nobody is asked for four").isEqualTo(3);
  }

  @Test
  void oneVoterStaysAloneWhereSoSet() {
    assertThat(grown(6, 1)).isEqualTo(1);
  }

  @Test
  void brokerThatIsDownIsPassedOver() {
    Optional<Peer> next = QuorumGrowth.next(quorum(3, 1), image(List.of(1, 3)), 3);

    assertThat(next).map(Peer::nodeId).contains(3);
  }

  /** Voters in the end, of so many members. */
  private static int grown(int members, int votersMax) {
    int voters = 1;
    while (QuorumGrowth.next(quorum(members, voters), image(UP), votersMax).isPresent()) {
      voters++;
    }
    return voters;
  }

  private static Quorum quorum(int members, int voters) {
    List<Quorum.Member> all = new ArrayList<>();
    for (int id = 1; id <= members; id++) {
      all.add(new Quorum.Member(new Peer(id, "host-" + id), id <= voters, 0, 0));
    }
    return new Quorum(1, Optional.of(1), all);
  }

  /** All of these are up. */
  static MetadataImage image(List<Integer> up) {
    MetadataImage image = MetadataImage.EMPTY;
    for (int id : up) {
      RegisterBroker register =
          new RegisterBroker(
              id,
              new UUID(id, 0),
              "host-%d:1942".formatted(id),
              "host-%d:1943".formatted(id),
              Optional.empty(),
              Optional.empty(),
              true);
      image = MetadataStateMachine.apply(image, register).image();
      long epoch = image.broker(id).orElseThrow().epoch();
      image = MetadataStateMachine.apply(image, new UnfenceBroker(id, epoch)).image();
    }
    return image;
  }
}
