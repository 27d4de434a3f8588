package io.funes.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.rpc.ErrorInfo;
import com.google.rpc.Status;
import io.funes.proto.v1.ElectLeadersRequest;
import io.funes.proto.v1.ElectionKind;
import io.funes.proto.v1.ElectionResult;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.ListReassignmentsRequest;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.ReassignPartitionsRequest;
import io.funes.proto.v1.Reassignment;
import io.funes.proto.v1.ReassignmentResult;
import io.funes.proto.v1.ReplicaAssignment;
import io.funes.proto.v1.TopicPartition;
import io.funes.server.common.ErrorCode;
import io.funes.server.testing.ServicesFixture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Moves of partitions and elections as an operator asks for them. */
class ReassignmentApiTest {
  @TempDir Path folder;
  private ServicesFixture services;

  @BeforeEach
  void start() {
    services = ServicesFixture.in(folder);
    services.addBroker(1);
    services.addBroker(2);
    services.createTopic("t", 1, 2, Map.of());
    assertThat(partition().getReplicaIdsList()).containsExactly(0, 1);
  }

  @AfterEach
  void stop() {
    services.close();
  }

  private Partition partition() {
    return services
        .topics()
        .getTopic(GetTopicRequest.newBuilder().setName("t").build())
        .getTopic()
        .getPartitions(0);
  }

  private static ReplicaAssignment to(String topic, Integer... brokers) {
    return ReplicaAssignment.newBuilder()
        .setTopic(topic)
        .addAllReplicaIds(List.of(brokers))
        .build();
  }

  private List<ReassignmentResult> reassign(ReplicaAssignment... assignments) {
    return services
        .cluster()
        .reassignPartitions(
            ReassignPartitionsRequest.newBuilder().addAllAssignments(List.of(assignments)).build())
        .getResultsList();
  }

  private List<Reassignment> underWay() {
    return services
        .cluster()
        .listReassignments(ListReassignmentsRequest.getDefaultInstance())
        .getReassignmentsList();
  }

  private static ErrorCode code(Status error) {
    try {
      return ErrorCode.valueOf(error.getDetails(0).unpack(ErrorInfo.class).getReason());
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void moveIsListedUntilTheNewReplicaIsInSync() {
    Reassignment begun = reassign(to("t", 0, 2)).getFirst().getReassignment();

    assertThat(begun.getReplicaIdsList()).containsExactly(0, 2, 1);
    assertThat(begun.getAddingReplicaIdsList()).containsExactly(2);
    assertThat(begun.getRemovingReplicaIdsList()).containsExactly(1);
    assertThat(underWay()).containsExactly(begun);

    services.getInSync("t", 0, 0, 1, 2);

    assertThat(underWay()).isEmpty();
    assertThat(partition().getReplicaIdsList()).containsExactly(0, 2);
    assertThat(partition().getInSyncReplicaIdsList()).containsExactly(0, 2);
  }

  @Test
  void partitionThatComesBackBeforeItsOldFilesAreDeletedKeepsItsNewOnes() throws IOException {
    services.createTopic("back", 1, 1, Map.of());
    moveBackTo(0);
    moveBackTo(1);
    moveBackTo(0); // The work of deleting has not run since.
    var _ = services.produce().produce(Requests.produce("back", "new").build());

    services.time.runReady();

    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.map(Path::toString))
          .anyMatch(file -> file.contains("back-") && file.endsWith(".log"));
    }
  }

  private void moveBackTo(int broker) {
    int before =
        services
            .topics()
            .getTopic(GetTopicRequest.newBuilder().setName("back").build())
            .getTopic()
            .getPartitions(0)
            .getReplicaIds(0);
    if (before != broker) {
      var _ = reassign(to("back", broker));
      services.getInSync("back", 0, before, broker);
    }
  }

  @Test
  void cancelledMoveIsWhereItWas() {
    var _ = reassign(to("t", 2, 0));

    ReassignmentResult cancelled =
        reassign(ReplicaAssignment.newBuilder().setTopic("t").setCancel(true).build()).getFirst();

    assertThat(cancelled.getReassignment().getAddingReplicaIdsList()).isEmpty();
    assertThat(partition().getReplicaIdsList()).containsExactlyInAnyOrder(0, 1);
    assertThat(underWay()).isEmpty();
  }

  @Test
  void anotherOrderIsAnotherPreferredLeaderAndNoMove() {
    ReassignmentResult turned = reassign(to("t", 1, 0)).getFirst();

    assertThat(turned.getReassignment().getReplicaIdsList()).containsExactly(1, 0);
    assertThat(underWay()).isEmpty();
    assertThat(partition().getLeaderId()).isZero();
    assertThat(elect(ElectionKind.ELECTION_KIND_PREFERRED)).hasSize(1);
    assertThat(partition().getLeaderId()).isEqualTo(1);
    assertThat(elect(ElectionKind.ELECTION_KIND_PREFERRED)).as("nothing is left to do").isEmpty();
  }

  @Test
  void oneThatIsRefusedDoesNotHoldTheOthersUp() {
    services.createTopic("u", 1, 1, Map.of());
    services.fenceBroker(2);

    List<ReassignmentResult> results =
        reassign(
            to("none", 0),
            to("t", 0, 9),
            to("t", 0, 2),
            to("t", 0, 0),
            to("t"),
            ReplicaAssignment.newBuilder().setTopic("t").setPartition(7).addReplicaIds(0).build(),
            to("u", 1));

    assertThat(results.subList(0, 6))
        .extracting(result -> code(result.getError()))
        .containsExactly(
            ErrorCode.UNKNOWN_TOPIC,
            ErrorCode.UNKNOWN_BROKER,
            ErrorCode.INELIGIBLE_REPLICA,
            ErrorCode.INVALID_ARGUMENT,
            ErrorCode.INVALID_ARGUMENT,
            ErrorCode.UNKNOWN_PARTITION);
    assertThat(results.getLast().hasReassignment()).isTrue();
  }

  @Test
  void checkedMoveDoesNotBegin() {
    ReassignmentResult result =
        services
            .cluster()
            .reassignPartitions(
                ReassignPartitionsRequest.newBuilder()
                    .addAssignments(to("t", 2))
                    .setValidateOnly(true)
                    .build())
            .getResults(0);

    assertThat(result.getReassignment().getAddingReplicaIdsList()).containsExactly(2);
    assertThat(underWay()).isEmpty();
  }

  @Test
  void callTakesOneToAHundredMoves() {
    assertThat(Errors.of(() -> reassign()).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    ReplicaAssignment[] many = new ReplicaAssignment[101];
    java.util.Arrays.fill(many, to("t", 0));
    assertThat(Errors.of(() -> reassign(many)).code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void pagesGoThroughAllMovesOnce() {
    services.createTopic("m", 5, 1, Map.of());
    for (int i = 0; i < 5; i++) {
      int now =
          services
              .topics()
              .getTopic(GetTopicRequest.newBuilder().setName("m").build())
              .getTopic()
              .getPartitions(i)
              .getReplicaIds(0);
      var _ =
          reassign(
              ReplicaAssignment.newBuilder()
                  .setTopic("m")
                  .setPartition(i)
                  .addReplicaIds((now + 1) % 3)
                  .build());
    }
    List<Integer> all = new ArrayList<>();
    String token = "";
    do {
      var page =
          services
              .cluster()
              .listReassignments(
                  ListReassignmentsRequest.newBuilder().setPageSize(2).setPageToken(token).build());
      page.getReassignmentsList().forEach(each -> all.add(each.getPartition()));
      token = page.getNextPageToken();
    } while (!token.isEmpty());

    assertThat(all).containsExactly(0, 1, 2, 3, 4);
  }

  private List<ElectionResult> elect(ElectionKind kind, TopicPartition... partitions) {
    return services
        .cluster()
        .electLeaders(
            ElectLeadersRequest.newBuilder()
                .setKind(kind)
                .addAllPartitions(List.of(partitions))
                .build())
        .getResultsList();
  }

  private static TopicPartition place(String topic, int partition) {
    return TopicPartition.newBuilder().setTopic(topic).setPartition(partition).build();
  }

  @Test
  void electionSaysWhyItDidNotWork() {
    services.fenceBroker(1);
    var _ = reassign(to("t", 1, 0));

    List<ElectionResult> results =
        elect(ElectionKind.ELECTION_KIND_PREFERRED, place("none", 0), place("t", 0), place("t", 3));

    assertThat(results)
        .extracting(result -> code(result.getError()))
        .containsExactly(
            ErrorCode.UNKNOWN_TOPIC, ErrorCode.INELIGIBLE_REPLICA, ErrorCode.UNKNOWN_PARTITION);
    assertThat(results.get(1).getLeaderId()).as("who leads all the same").isZero();
    assertThat(results.get(1).getError().getMessage()).contains("broker 1");
  }

  @Test
  void uncleanElectionWantsPartitionsByName() {
    assertThat(Errors.of(() -> elect(ElectionKind.ELECTION_KIND_UNCLEAN)).code())
        .isEqualTo(ErrorCode.INVALID_ARGUMENT);
  }

  @Test
  void uncleanElectionMakesWhoeverIsUpTheLeader() {
    services.createTopic("lost", 1, 2, Map.of());
    Partition before = lost();
    int second = before.getReplicaIds(1);
    int first = before.getReplicaIds(0);
    services.fenceBroker(second);
    services.fenceBroker(first);
    services.unfenceBroker(second);
    assertThat(lost().getLeaderId()).as("it was not in sync to the end").isEqualTo(-1);

    ElectionResult result = elect(ElectionKind.ELECTION_KIND_UNCLEAN, place("lost", 0)).getFirst();

    assertThat(result.hasError()).isFalse();
    assertThat(result.getLeaderId()).isEqualTo(second);
    assertThat(lost().getLeaderId()).isEqualTo(second);
  }

  private Partition lost() {
    return services
        .topics()
        .getTopic(GetTopicRequest.newBuilder().setName("lost").build())
        .getTopic()
        .getPartitions(0);
  }
}
