package io.funes.client.internal.transport;

import io.funes.client.FunesException;
import io.funes.client.LeaderElection;
import io.funes.client.PartitionDescription;
import io.funes.client.Reassignment;
import io.funes.client.ReplicaDescription;
import io.funes.client.TopicPartition;
import io.funes.proto.v1.ClusterServiceGrpc;
import io.funes.proto.v1.ElectLeadersRequest;
import io.funes.proto.v1.ElectLeadersResponse;
import io.funes.proto.v1.ElectionKind;
import io.funes.proto.v1.ElectionResult;
import io.funes.proto.v1.FollowerProgress;
import io.funes.proto.v1.GetMetadataRequest;
import io.funes.proto.v1.GetMetadataResponse;
import io.funes.proto.v1.ListReassignmentsRequest;
import io.funes.proto.v1.ListReassignmentsResponse;
import io.funes.proto.v1.ListReplicasRequest;
import io.funes.proto.v1.ListReplicasResponse;
import io.funes.proto.v1.MetadataServiceGrpc;
import io.funes.proto.v1.ReassignPartitionsRequest;
import io.funes.proto.v1.ReassignmentResult;
import io.funes.proto.v1.RemoveBrokerRequest;
import io.funes.proto.v1.RemoveBrokerResponse;
import io.funes.proto.v1.Replica;
import io.funes.proto.v1.ReplicaAssignment;
import io.funes.proto.v1.TopicMetadata;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Partitions on their way between brokers, and who leads them. */
public final class Moves {
  private static final int PAGE_SIZE = 1_000;

  private final Connection connection;
  private final long timeoutNanos;

  public Moves(Connection connection, long timeoutNanos) {
    this.connection = connection;
    this.timeoutNanos = timeoutNanos;
  }

  /** Every partition of every topic, internal ones too. */
  public Map<TopicPartition, PartitionDescription> partitions() {
    Map<TopicPartition, PartitionDescription> partitions = new LinkedHashMap<>();
    GetMetadataRequest.Builder request = GetMetadataRequest.newBuilder().setPageSize(PAGE_SIZE);
    GetMetadataResponse page;
    do {
      page = call(MetadataServiceGrpc.getGetMetadataMethod(), request.build());
      for (TopicMetadata topic : page.getTopicsList()) {
        topic
            .getPartitionsList()
            .forEach(partition ->
                partitions.put(
                    new TopicPartition(topic.getName(), partition.getPartition()),
                    Topics.describe(partition)));
      }
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());
    return partitions;
  }

  public List<Reassignment> underWay() {
    List<Reassignment> moves = new ArrayList<>();
    ListReassignmentsRequest.Builder request =
        ListReassignmentsRequest.newBuilder().setPageSize(PAGE_SIZE);
    ListReassignmentsResponse page;
    do {
      page = call(ClusterServiceGrpc.getListReassignmentsMethod(), request.build());
      page.getReassignmentsList().forEach(move -> moves.add(move(move)));
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());
    return List.copyOf(moves);
  }

  /** The replicas on the broker that this connection leads to. */
  public List<ReplicaDescription> replicas() {
    List<ReplicaDescription> replicas = new ArrayList<>();
    ListReplicasRequest.Builder request = ListReplicasRequest.newBuilder().setPageSize(PAGE_SIZE);
    ListReplicasResponse page;
    do {
      page = call(ClusterServiceGrpc.getListReplicasMethod(), request.build());
      for (Replica replica : page.getReplicasList()) {
        replicas.add(replica(page.getBrokerId(), replica));
      }
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());
    return List.copyOf(replicas);
  }

  private static ReplicaDescription replica(int brokerId, Replica replica) {
    Map<Integer, Long> lags = new TreeMap<>();
    for (FollowerProgress follower : replica.getFollowersList()) {
      lags.put(follower.getBrokerId(), follower.hasLag() ? follower.getLag() : -1);
    }
    return new ReplicaDescription(
        new TopicPartition(replica.getTopic(), replica.getPartition()),
        brokerId,
        replica.getSizeBytes(),
        replica.getLogStartOffset(),
        replica.getLogEndOffset(),
        replica.getLeads(),
        Collections.unmodifiableMap(lags));
  }

  public Reassignment move(TopicPartition partition, List<Integer> replicaIds) {
    return move(assignment(partition).addAllReplicaIds(replicaIds));
  }

  public Reassignment cancel(TopicPartition partition) {
    return move(assignment(partition).setCancel(true));
  }

  private static ReplicaAssignment.Builder assignment(TopicPartition partition) {
    return ReplicaAssignment.newBuilder()
        .setTopic(partition.topic())
        .setPartition(partition.partition());
  }

  private Reassignment move(ReplicaAssignment.Builder assignment) {
    ReassignPartitionsRequest request =
        ReassignPartitionsRequest.newBuilder().addAssignments(assignment).build();
    ReassignmentResult result =
        call(ClusterServiceGrpc.getReassignPartitionsMethod(), request).getResults(0);
    if (result.hasError()) {
      throw Failures.of(result.getError(), null);
    }
    return move(result.getReassignment());
  }

  private static Reassignment move(io.funes.proto.v1.Reassignment move) {
    return new Reassignment(
        new TopicPartition(move.getTopic(), move.getPartition()),
        move.getLeaderId(),
        List.copyOf(move.getReplicaIdsList()),
        List.copyOf(move.getInSyncReplicaIdsList()),
        List.copyOf(move.getAddingReplicaIdsList()),
        List.copyOf(move.getRemovingReplicaIdsList()));
  }

  public void removeBroker(int brokerId) {
    RemoveBrokerRequest request = RemoveBrokerRequest.newBuilder().setBrokerId(brokerId).build();
    RemoveBrokerResponse unused = call(ClusterServiceGrpc.getRemoveBrokerMethod(), request);
  }

  public List<LeaderElection> elect(Collection<TopicPartition> partitions, boolean unclean) {
    ElectLeadersRequest.Builder request =
        ElectLeadersRequest.newBuilder()
            .setKind(
                unclean
                    ? ElectionKind.ELECTION_KIND_UNCLEAN
                    : ElectionKind.ELECTION_KIND_PREFERRED);
    for (TopicPartition partition : partitions) {
      request.addPartitions(
          io.funes.proto.v1.TopicPartition.newBuilder()
              .setTopic(partition.topic())
              .setPartition(partition.partition()));
    }
    ElectLeadersResponse response =
        call(ClusterServiceGrpc.getElectLeadersMethod(), request.build());
    return response.getResultsList().stream().map(Moves::election).toList();
  }

  private static LeaderElection election(ElectionResult result) {
    Optional<FunesException> failure =
        result.hasError() ? Optional.of(Failures.of(result.getError(), null)) : Optional.empty();
    return new LeaderElection(
        new TopicPartition(result.getTopic(), result.getPartition()),
        result.getLeaderId(),
        failure);
  }

  private <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
    return connection.call(method, request, timeoutNanos);
  }
}
