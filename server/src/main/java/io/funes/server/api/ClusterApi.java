package io.funes.server.api;

import io.funes.proto.v1.ClusterServiceGrpc;
import io.funes.proto.v1.DescribeClusterRequest;
import io.funes.proto.v1.DescribeClusterResponse;
import io.funes.proto.v1.ElectLeadersRequest;
import io.funes.proto.v1.ElectLeadersResponse;
import io.funes.proto.v1.ListReassignmentsRequest;
import io.funes.proto.v1.ListReassignmentsResponse;
import io.funes.proto.v1.ListReplicasRequest;
import io.funes.proto.v1.ListReplicasResponse;
import io.funes.proto.v1.MetadataQuorum;
import io.funes.proto.v1.QuorumMember;
import io.funes.proto.v1.QuorumRole;
import io.funes.proto.v1.ReassignPartitionsRequest;
import io.funes.proto.v1.ReassignPartitionsResponse;
import io.funes.proto.v1.ReassignmentResult;
import io.funes.proto.v1.RemoveBrokerRequest;
import io.funes.proto.v1.RemoveBrokerResponse;
import io.funes.proto.v1.ReplicaAssignment;
import io.funes.server.api.mapping.ClusterMapping;
import io.funes.server.api.mapping.ReassignmentMapping;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.metadata.MetadataCommand.AlterReplicas;
import io.funes.server.metadata.MetadataLimits;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.replication.PartitionTable;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;

/** {@code ClusterService}: reads the metadata image and the quorum. */
public final class ClusterApi extends ClusterServiceGrpc.ClusterServiceImplBase {
  private static final int PAGE_DEFAULT = 100;
  private static final int PAGE_MAX = 1_000;
  private static final int ASSIGNMENTS_MAX = 100;

  private final UUID clusterId;
  private final MetadataLog metadata;
  private final QuorumView.Source quorum;
  private final Map<String, String> configDefaults;
  private final MetadataLimits limits;
  private final LeaderElections elections;
  private final ReplicaListing replicas;
  private final BrokerRemoval removal;

  /** Which broker of which cluster this is. */
  public record Identity(UUID clusterId, int brokerId) {}

  /**
   * The service of one broker.
   *
   * @param configDefaults topic configs where a topic sets none
   */
  public ClusterApi(
      Identity identity,
      MetadataLog metadata,
      QuorumView.Source quorum,
      PartitionTable table,
      Map<String, String> configDefaults,
      MetadataLimits limits) {
    this.clusterId = identity.clusterId();
    this.metadata = metadata;
    this.quorum = quorum;
    this.configDefaults = Map.copyOf(configDefaults);
    this.limits = limits;
    this.elections = new LeaderElections(metadata);
    this.replicas = new ReplicaListing(identity.brokerId(), table);
    this.removal = new BrokerRemoval(metadata, quorum);
  }

  @Override
  public void describeCluster(
      DescribeClusterRequest request, StreamObserver<DescribeClusterResponse> observer) {
    Replies.guard(
        observer,
        () -> {
          int size = Replies.pageSize(request.getPageSize(), PAGE_DEFAULT, PAGE_MAX);
          ClusterMapping.Page page =
              ClusterMapping.describe(
                  metadata.image(),
                  configDefaults,
                  PartitionToken.decode(request.getPageToken()),
                  size);
          page.next().map(PartitionToken::encode).ifPresent(page.response()::setNextPageToken);
          Replies.answer(
              observer,
              page.response()
                  .setClusterId(clusterId.toString())
                  .setQuorum(message(quorum.view()))
                  .build());
        });
  }

  private static MetadataQuorum message(QuorumView quorum) {
    MetadataQuorum.Builder message = MetadataQuorum.newBuilder().setTerm(quorum.term());
    quorum.leaderId().ifPresent(message::setLeaderId);
    quorum.members().forEach(member -> message.addMembers(message(member)));
    return message.build();
  }

  private static QuorumMember.Builder message(QuorumView.Member member) {
    QuorumMember.Builder message =
        QuorumMember.newBuilder()
            .setBrokerId(member.brokerId())
            .setAddress(member.address())
            .setRole(
                member.voter() ? QuorumRole.QUORUM_ROLE_VOTER : QuorumRole.QUORUM_ROLE_LISTENER);
    member.committed().ifPresent(message::setCommittedIndex);
    member.lag().ifPresent(message::setLag);
    return message;
  }

  @Override
  public void reassignPartitions(
      ReassignPartitionsRequest request, StreamObserver<ReassignPartitionsResponse> observer) {
    Replies.guard(
        observer,
        () -> {
          int count = request.getAssignmentsCount();
          if (count == 0 || count > ASSIGNMENTS_MAX) {
            throw Refusal.of(
                    ErrorCode.INVALID_ARGUMENT,
                    "%d assignments are given: one call takes 1 to %d"
                        .formatted(count, ASSIGNMENTS_MAX))
                .field("assignments")
                .exception();
          }
          List<CompletableFuture<ReassignmentResult>> results =
              request.getAssignmentsList().stream()
                  .map(assignment -> reassign(assignment, request.getValidateOnly()))
                  .toList();
          Replies.complete(
              observer,
              CompletableFuture.allOf(results.toArray(CompletableFuture[]::new)),
              _ ->
                  ReassignPartitionsResponse.newBuilder()
                      .addAllResults(results.stream().map(CompletableFuture::join).toList())
                      .build());
        });
  }

  private CompletableFuture<ReassignmentResult> reassign(
      ReplicaAssignment assignment, boolean validateOnly) {
    try {
      AlterReplicas command = ReassignmentMapping.command(metadata.image(), assignment, limits);
      return (validateOnly
              ? CompletableFuture.completedFuture(
                  MetadataStateMachine.validate(metadata.image(), command))
              : metadata.submit(command))
          .thenApply(outcome -> ReassignmentMapping.result(assignment, outcome))
          .exceptionally(failure -> ReassignmentMapping.failed(assignment, failure));
    } catch (RefusedException e) {
      return CompletableFuture.completedFuture(ReassignmentMapping.failed(assignment, e));
    }
  }

  @Override
  public void listReassignments(
      ListReassignmentsRequest request, StreamObserver<ListReassignmentsResponse> observer) {
    Replies.guard(
        observer,
        () -> {
          ListReassignmentsResponse.Builder response = ListReassignmentsResponse.newBuilder();
          ReassignmentMapping.list(
                  metadata.image(),
                  PartitionToken.decode(request.getPageToken()),
                  Replies.pageSize(request.getPageSize(), PAGE_DEFAULT, PAGE_MAX),
                  response::addReassignments)
              .map(PartitionToken::encode)
              .ifPresent(response::setNextPageToken);
          Replies.answer(observer, response.build());
        });
  }

  @Override
  public void electLeaders(
      ElectLeadersRequest request, StreamObserver<ElectLeadersResponse> observer) {
    Replies.guard(
        observer, () -> Replies.complete(observer, elections.elect(request), answer -> answer));
  }

  @Override
  public void listReplicas(
      ListReplicasRequest request, StreamObserver<ListReplicasResponse> observer) {
    Replies.guard(
        observer,
        () -> {
          int size = Replies.pageSize(request.getPageSize(), PAGE_DEFAULT, PAGE_MAX);
          Replies.answer(observer, replicas.list(metadata.image(), request, size));
        });
  }

  @Override
  public void removeBroker(
      RemoveBrokerRequest request, StreamObserver<RemoveBrokerResponse> observer) {
    Replies.guard(
        observer,
        () ->
            Replies.complete(
                observer,
                removal.remove(request.getBrokerId()),
                _ -> RemoveBrokerResponse.getDefaultInstance()));
  }
}
