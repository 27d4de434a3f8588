package io.funes.server.api;

import static io.funes.proto.v1.PartitionProblem.PARTITION_PROBLEM_OFFLINE;
import static io.funes.proto.v1.PartitionProblem.PARTITION_PROBLEM_UNDER_MIN_IN_SYNC;
import static io.funes.proto.v1.PartitionProblem.PARTITION_PROBLEM_UNDER_REPLICATED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.funes.proto.v1.Acks;
import io.funes.proto.v1.BrokerState;
import io.funes.proto.v1.ClusterBroker;
import io.funes.proto.v1.DescribeClusterRequest;
import io.funes.proto.v1.DescribeClusterResponse;
import io.funes.proto.v1.FollowerProgress;
import io.funes.proto.v1.ListReplicasRequest;
import io.funes.proto.v1.ListReplicasResponse;
import io.funes.proto.v1.QuorumMember;
import io.funes.proto.v1.QuorumRole;
import io.funes.proto.v1.RemoveBrokerRequest;
import io.funes.proto.v1.Replica;
import io.funes.proto.v1.UnhealthyPartition;
import io.funes.server.common.ErrorCode;
import io.funes.server.testing.ServicesFixture;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ClusterService} shows, on one broker that knows of others. */
class ClusterApiTest {
  @TempDir Path folder;
  private ServicesFixture services;

  @BeforeEach
  void start() {
    services = ServicesFixture.in(folder);
    services.addBroker(1);
    services.addBroker(2);
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private DescribeClusterResponse describe() {
    return describe(DescribeClusterRequest.newBuilder());
  }

  private DescribeClusterResponse describe(DescribeClusterRequest.Builder request) {
    return services.cluster().describeCluster(request.build());
  }

  @Test
  void brokersAreShownWithWhatTheyHoldAndLead() {
    services.createTopic("t", 3, 2, Map.of());
    services.fenceBroker(2);

    DescribeClusterResponse cluster = describe();

    assertThat(cluster.getClusterId()).isEqualTo(ServicesFixture.CLUSTER_ID.toString());
    assertThat(cluster.getBrokersList())
        .extracting(
            ClusterBroker::getId,
            ClusterBroker::getState,
            ClusterBroker::getReplicaCount,
            ClusterBroker::getPreferredLeaderCount)
        .containsExactly(
            tuple(0, BrokerState.BROKER_STATE_UP, 2, 1),
            tuple(1, BrokerState.BROKER_STATE_UP, 2, 1),
            tuple(2, BrokerState.BROKER_STATE_FENCED, 2, 1));
    assertThat(cluster.getBrokersList())
        .extracting(ClusterBroker::getLeaderCount)
        .as("what broker 2 led is led by others now")
        .satisfies(counts -> assertThat(counts.get(0) + counts.get(1)).isEqualTo(3))
        .endsWith(0);
    assertThat(cluster.getBrokers(1).getAddress()).isEqualTo("127.0.0.1:1943");
  }

  @Test
  void healthyPartitionsAreCountedAndNotListed() {
    services.createTopic("t", 3, 3, Map.of("min.insync.replicas", "2"));

    DescribeClusterResponse cluster = describe();

    assertThat(cluster.getPartitions().getTotal()).isEqualTo(3);
    assertThat(cluster.getPartitions().getUnderReplicated()).isZero();
    assertThat(cluster.getUnhealthyPartitionsList()).isEmpty();
  }

  @Test
  void partitionSaysAllThatIsWrongWithIt() {
    services.createTopic("all", 1, 3, Map.of("min.insync.replicas", "2"));
    services.createTopic("one", 3, 1, Map.of("min.insync.replicas", "2"));
    services.fenceBroker(1);

    DescribeClusterResponse oneDown = describe();
    services.fenceBroker(2);
    DescribeClusterResponse twoDown = describe();

    assertThat(problems(oneDown))
        .contains("all/0 " + List.of(PARTITION_PROBLEM_UNDER_REPLICATED))
        .hasSize(2);
    assertThat(oneDown.getPartitions().getOffline()).isEqualTo(1);
    assertThat(problems(twoDown))
        .contains(
            "all/0 "
                + List.of(PARTITION_PROBLEM_UNDER_REPLICATED, PARTITION_PROBLEM_UNDER_MIN_IN_SYNC))
        .hasSize(3);
    UnhealthyPartition offline = twoDown.getUnhealthyPartitions(1);
    assertThat(offline.getTopic()).isEqualTo("one");
    assertThat(offline.getProblemsList()).contains(PARTITION_PROBLEM_OFFLINE);
    assertThat(offline.getMinInSyncReplicas())
        .as("never more than there are replicas")
        .isEqualTo(1);
    assertThat(twoDown.getPartitions().getUnderMinInSync()).isPositive();
  }

  private static List<String> problems(DescribeClusterResponse cluster) {
    return cluster.getUnhealthyPartitionsList().stream()
        .map(each ->
            "%s/%d %s"
                .formatted(
                    each.getTopic(), each.getPartition().getPartition(), each.getProblemsList()))
        .toList();
  }

  @Test
  void pagesGoThroughAllUnhealthyPartitionsOnce() {
    for (String name : List.of("a", "b", "c")) {
      services.createTopic(name, 3, 3, Map.of());
    }
    services.fenceBroker(1);
    List<String> all = new ArrayList<>();
    DescribeClusterRequest.Builder request = DescribeClusterRequest.newBuilder().setPageSize(2);
    DescribeClusterResponse page;
    do {
      page = describe(request);
      assertThat(page.getPartitions().getUnderReplicated()).isEqualTo(9);
      page.getUnhealthyPartitionsList()
          .forEach(each -> all.add(each.getTopic() + each.getPartition().getPartition()));
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());

    assertThat(all).containsExactly("a0", "a1", "a2", "b0", "b1", "b2", "c0", "c1", "c2");
  }

  @Test
  void foreignPageTokenIsRefused() {
    for (String token : List.of("?", "dA", "dC94")) {
      assertThat(
              Errors.of(() -> describe(DescribeClusterRequest.newBuilder().setPageToken(token)))
                  .code())
          .isEqualTo(ErrorCode.INVALID_ARGUMENT);
    }
  }

  @Test
  void quorumIsShownAsFarAsItIsKnown() {
    services.quorum.view(
        new QuorumView(
            7,
            OptionalInt.of(1),
            List.of(
                new QuorumView.Member(
                    1, "127.0.0.1:1945", true, OptionalLong.of(40), OptionalLong.of(0)),
                new QuorumView.Member(
                    0, "127.0.0.1:1944", false, OptionalLong.empty(), OptionalLong.empty()))));

    var quorum = describe().getQuorum();

    assertThat(quorum.getTerm()).isEqualTo(7);
    assertThat(quorum.getLeaderId()).isEqualTo(1);
    assertThat(quorum.getMembersList())
        .extracting(QuorumMember::getBrokerId, QuorumMember::getRole, QuorumMember::hasLag)
        .containsExactly(
            tuple(1, QuorumRole.QUORUM_ROLE_VOTER, true),
            tuple(0, QuorumRole.QUORUM_ROLE_LISTENER, false));
  }

  @Test
  void replicasOfThisBrokerAreShownWithTheirSizeAndTheirFollowers() {
    services.createTopic("led", 1, 2, Map.of());
    services.createTopic("elsewhere", 3, 1, Map.of());
    services.produce().produce(Requests.produce("led", "a", "b").setAcks(Acks.ACKS_LEADER).build());

    ListReplicasResponse here =
        services.cluster().listReplicas(ListReplicasRequest.getDefaultInstance());

    assertThat(here.getBrokerId()).isZero();
    assertThat(here.getReplicasList()).extracting(Replica::getTopic).containsOnlyOnce("led");
    assertThat(here.getReplicasCount()).as("one of three partitions stands here").isEqualTo(2);
    Replica led = here.getReplicas(1);
    assertThat(led.getLeads()).isTrue();
    assertThat(led.getLogEndOffset()).isEqualTo(2);
    assertThat(led.getSizeBytes()).isPositive();
    assertThat(led.getFollowersList()).extracting(FollowerProgress::getBrokerId).containsExactly(1);
    assertThat(led.getFollowers(0).hasLag()).as("it was never heard of").isFalse();
  }

  private void remove(int brokerId) {
    var _ =
        services
            .cluster()
            .removeBroker(RemoveBrokerRequest.newBuilder().setBrokerId(brokerId).build());
  }

  private List<Integer> brokerIds() {
    return describe().getBrokersList().stream().map(ClusterBroker::getId).toList();
  }

  @Test
  void brokerThatIsDownAndEmptyCanBeForgotten() {
    services.quorum.voters(0, 1, 2);
    services.fenceBroker(2);

    remove(2);

    assertThat(brokerIds()).containsExactly(0, 1);
    assertThat(describe().getQuorum().getMembersList())
        .extracting(QuorumMember::getBrokerId)
        .containsExactly(0, 1);
    assertThat(Errors.of(() -> remove(2)).code()).isEqualTo(ErrorCode.UNKNOWN_BROKER);
  }

  @Test
  void brokerThatIsUpOrHoldsAReplicaStaysAVoterToo() {
    services.quorum.voters(0, 1, 2);
    assertThat(Errors.of(() -> remove(1)).code()).isEqualTo(ErrorCode.BROKER_IN_USE);
    services.createTopic("t", 1, 3, Map.of());
    services.fenceBroker(1);

    Errors holding = Errors.of(() -> remove(1));

    assertThat(holding.code()).isEqualTo(ErrorCode.BROKER_IN_USE);
    assertThat(holding.status().getMessage()).contains("holds 1 replicas");
    assertThat(brokerIds()).containsExactly(0, 1, 2);
    assertThat(describe().getQuorum().getMembersCount()).isEqualTo(3);
  }

  @Test
  void brokerThatJoinedAndNeverRegisteredLeavesTheQuorum() {
    services.quorum.voters(0, 7);

    remove(7);

    assertThat(describe().getQuorum().getMembersCount()).isEqualTo(1);
  }
}
