package io.funes.client.internal.transport;

import io.funes.client.ClusterDescription;
import io.funes.client.ClusterDescription.Broker;
import io.funes.client.ClusterDescription.BrokerState;
import io.funes.client.ClusterDescription.PartitionCounts;
import io.funes.client.ClusterDescription.Problem;
import io.funes.client.ClusterDescription.QuorumMember;
import io.funes.client.ClusterDescription.UnhealthyPartition;
import io.funes.proto.v1.ClusterBroker;
import io.funes.proto.v1.ClusterServiceGrpc;
import io.funes.proto.v1.DescribeClusterRequest;
import io.funes.proto.v1.DescribeClusterResponse;
import io.funes.proto.v1.PartitionProblem;
import io.funes.proto.v1.QuorumRole;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Questions about a cluster, and the answers in this client's types. */
public final class ClusterCalls {
  private static final int PAGE_MAX = 1_000;

  private final Connection connection;
  private final long timeoutNanos;

  public ClusterCalls(Connection connection, long timeoutNanos) {
    this.connection = connection;
    this.timeoutNanos = timeoutNanos;
  }

  /** The cluster with at most so many unhealthy partitions. */
  public ClusterDescription describe(int unhealthyMax) {
    DescribeClusterRequest.Builder request =
        DescribeClusterRequest.newBuilder()
            .setPageSize(Math.min(Math.max(unhealthyMax, 1), PAGE_MAX));
    List<UnhealthyPartition> unhealthy = new ArrayList<>();
    DescribeClusterResponse page;
    do {
      page =
          connection.call(
              ClusterServiceGrpc.getDescribeClusterMethod(), request.build(), timeoutNanos);
      page.getUnhealthyPartitionsList().forEach(each -> unhealthy.add(unhealthy(each)));
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty() && unhealthy.size() < unhealthyMax);
    return description(page, unhealthy.subList(0, Math.min(unhealthy.size(), unhealthyMax)));
  }

  private static ClusterDescription description(
      DescribeClusterResponse page, List<UnhealthyPartition> unhealthy) {
    var counts = page.getPartitions();
    return new ClusterDescription(
        page.getClusterId(),
        page.getBrokersList().stream().map(ClusterCalls::broker).toList(),
        page.getQuorum().hasLeaderId()
            ? OptionalInt.of(page.getQuorum().getLeaderId())
            : OptionalInt.empty(),
        page.getQuorum().getMembersList().stream().map(ClusterCalls::member).toList(),
        new PartitionCounts(
            counts.getTotal(),
            counts.getUnderReplicated(),
            counts.getUnderMinInSync(),
            counts.getOffline(),
            counts.getReassigning()),
        List.copyOf(unhealthy));
  }

  private static Broker broker(ClusterBroker broker) {
    return new Broker(
        broker.getId(),
        broker.getAddress(),
        broker.getInternalAddress(),
        broker.getRack(),
        broker.getEpoch(),
        switch (broker.getState()) {
          case BROKER_STATE_UP -> BrokerState.UP;
          case BROKER_STATE_FENCED -> BrokerState.FENCED;
          case BROKER_STATE_SHUTTING_DOWN -> BrokerState.SHUTTING_DOWN;
          case BROKER_STATE_READ_ONLY -> BrokerState.READ_ONLY;
          default -> BrokerState.UNRECOGNIZED;
        },
        broker.getReplicaCount(),
        broker.getLeaderCount(),
        broker.getPreferredLeaderCount());
  }

  private static QuorumMember member(io.funes.proto.v1.QuorumMember member) {
    return new QuorumMember(
        member.getBrokerId(),
        member.getAddress(),
        member.getRole() == QuorumRole.QUORUM_ROLE_VOTER,
        member.hasLag() ? OptionalLong.of(member.getLag()) : OptionalLong.empty());
  }

  private static UnhealthyPartition unhealthy(io.funes.proto.v1.UnhealthyPartition partition) {
    Set<Problem> problems =
        partition.getProblemsList().stream()
            .map(ClusterCalls::problem)
            .collect(Collectors.toUnmodifiableSet());
    return new UnhealthyPartition(
        partition.getTopic(),
        Topics.describe(partition.getPartition()),
        partition.getMinInSyncReplicas(),
        problems);
  }

  private static Problem problem(PartitionProblem problem) {
    return switch (problem) {
      case PARTITION_PROBLEM_UNDER_REPLICATED -> Problem.UNDER_REPLICATED;
      case PARTITION_PROBLEM_UNDER_MIN_IN_SYNC -> Problem.UNDER_MIN_IN_SYNC;
      case PARTITION_PROBLEM_OFFLINE -> Problem.OFFLINE;
      default -> Problem.UNRECOGNIZED;
    };
  }
}
