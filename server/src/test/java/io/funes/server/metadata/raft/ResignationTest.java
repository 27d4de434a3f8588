package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.metadata.Outcome.BrokerRegistered;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Broker 1 leads the metadata log, and stops. */
class ResignationTest {
  private static final int TIMEOUT_MS = 20_000;

  @TempDir private Path folder;

  private static Quorum.Member member(int id, boolean voter, long lag) {
    return new Quorum.Member(new Peer(id, "host-" + id), voter, 0, lag);
  }

  private static Optional<Integer> heir(Quorum.Member... others) {
    Quorum quorum = new Quorum(1, Optional.of(1), List.of(others));
    return Resignation.heir(quorum, up(), 1).map(Peer::nodeId);
  }

  /** Brokers 1 to 3; 4 is fenced. */
  private static MetadataImage up() {
    MetadataImage image = QuorumGrowthTest.image(List.of(1, 2, 3, 4));
    FenceBroker fence = new FenceBroker(4, image.broker(4).orElseThrow().epoch());
    return MetadataStateMachine.apply(image, fence).image();
  }

  @Test
  void theVoterThatHasMostIsNext() {
    assertThat(heir(member(1, true, 0), member(2, true, 7), member(3, true, 0))).contains(3);
  }

  @Test
  void noListenerIs() {
    assertThat(heir(member(1, true, 0), member(2, false, 0))).isEmpty();
  }

  @Test
  void nobodyIsWhoIsDown() {
    assertThat(heir(member(1, true, 0), member(4, true, 0))).isEmpty();
  }

  @Test
  void whoDoesNotLeadHasNothingToLeave() {
    Quorum quorum = new Quorum(1, Optional.of(2), List.of(member(1, true, 0), member(2, true, 0)));
    assertThat(Resignation.heir(quorum, up(), 1)).isEmpty();
  }

  private static void comeUp(RatisMetadataLog log, int id) throws Exception {
    long epoch =
        ((BrokerRegistered) log.submit(Commands.register(id)).get(30, TimeUnit.SECONDS).orThrow())
            .brokerEpoch();
    log.submit(new UnfenceBroker(id, epoch)).get(30, TimeUnit.SECONDS).orThrow();
  }

  /** Nobody in this test stands for election unless told to. */
  @Test
  @Timeout(60)
  void anotherVoterLeadsWhenTheCallReturns() throws Exception {
    RaftCluster cluster = RaftCluster.ofVoters(folder, 3, RaftCluster.PATIENT);
    for (int id = 1; id <= 3; id++) {
      comeUp(cluster.log(1), id);
    }
    cluster.awaitAgreement();

    Resignation.handOver(cluster.log(1), 1, TIMEOUT_MS);

    int next = cluster.leader();
    assertThat(next).isNotEqualTo(1);
    cluster.log(1).submit(Commands.init("billing")).get(30, TimeUnit.SECONDS).orThrow();
    cluster.closeInBackground().join();
  }
}
