package io.funes.server.api;

import com.google.protobuf.Message;
import io.funes.proto.v1.ClusterServiceGrpc;
import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.Credits;
import io.funes.proto.v1.DeleteTopicRequest;
import io.funes.proto.v1.DescribeClusterRequest;
import io.funes.proto.v1.ElectLeadersRequest;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.GetMetadataRequest;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.InitProducerRequest;
import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.ListReassignmentsRequest;
import io.funes.proto.v1.ListReplicasRequest;
import io.funes.proto.v1.ListTopicsRequest;
import io.funes.proto.v1.MetadataServiceGrpc;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProduceStreamRequest;
import io.funes.proto.v1.ReassignPartitionsRequest;
import io.funes.proto.v1.RemoveBrokerRequest;
import io.funes.proto.v1.ReplicaAssignment;
import io.funes.proto.v1.Start;
import io.funes.proto.v1.TopicPartition;
import io.funes.proto.v1.TopicServiceGrpc;
import io.funes.proto.v1.UpdateTopicRequest;
import io.funes.proto.v1.WatchMetadataRequest;
import io.grpc.MethodDescriptor;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** Requests of every method that are right, with as many fields as can be. */
final class LegalRequests {
  private LegalRequests() {}

  static Stream<MethodDescriptor<?, ?>> methods() {
    return Stream.of(
            ProduceServiceGrpc.getServiceDescriptor(),
            FetchServiceGrpc.getServiceDescriptor(),
            ClusterServiceGrpc.getServiceDescriptor(),
            MetadataServiceGrpc.getServiceDescriptor(),
            TopicServiceGrpc.getServiceDescriptor())
        .flatMap(service -> service.getMethods().stream());
  }

  static List<Message> of(String method) {
    var records = Requests.produce("t", "x").setProducer(Requests.producer(5, 0, 0));
    var batch = Requests.produce("t", Requests.batch("x"));
    var topic = Requests.at("t", Start.newBuilder().setOffset(0));
    var timed = Requests.at("t", Start.newBuilder().setTimestampMs(1));
    return switch (method) {
      case "Produce" -> List.of(records.build(), batch.build());
      case "ProduceStream" ->
          List.of(
              ProduceStreamRequest.newBuilder().setRequest(records).setCorrelationId(1).build(),
              ProduceStreamRequest.newBuilder().setRequest(batch).setCorrelationId(1).build());
      case "InitProducer" -> List.of(InitProducerRequest.newBuilder().setName("n").build());
      case "Fetch" -> List.of(Requests.fetch(topic).build(), Requests.fetch(timed).build());
      case "Read" ->
          List.of(
              Requests.read(topic)
                  .setCredits(Credits.newBuilder().setRecords(9).setBytes(9_000))
                  .build(),
              Requests.read(timed).build());
      case "ListOffsets" ->
          List.of(
              ListOffsetsRequest.newBuilder().addTopics(topic).build(),
              ListOffsetsRequest.newBuilder().addTopics(timed).build());
      case "CreateTopic" ->
          List.of(
              CreateTopicRequest.newBuilder()
                  .setName("new")
                  .setPartitionCount(1)
                  .setReplicationFactor(1)
                  .setValidateOnly(true)
                  .build());
      case "GetTopic" -> List.of(GetTopicRequest.newBuilder().setName("t").build());
      case "ListTopics" -> List.of(ListTopicsRequest.newBuilder().setPageToken("dA").build());
      case "UpdateTopic" ->
          List.of(
              UpdateTopicRequest.newBuilder()
                  .setName("t")
                  .setPartitionCount(2)
                  .setValidateOnly(true)
                  .addResetConfigs("retention.ms")
                  .build());
      case "DeleteTopic" ->
          List.of(
              DeleteTopicRequest.newBuilder()
                  .setName("victim")
                  .setTopicId(new UUID(1, 1).toString())
                  .build());
      case "GetMetadata" ->
          List.of(GetMetadataRequest.newBuilder().addTopics("t").setPageToken("dA").build());
      case "WatchMetadata" -> List.of(WatchMetadataRequest.newBuilder().addTopics("t").build());
      default -> ofClusters(method);
    };
  }

  private static List<Message> ofClusters(String method) {
    return switch (method) {
      case "DescribeCluster" ->
          List.of(DescribeClusterRequest.newBuilder().setPageToken("dC8w").build());
      case "ReassignPartitions" ->
          List.of(
              ReassignPartitionsRequest.newBuilder()
                  .addAssignments(ReplicaAssignment.newBuilder().setTopic("t").addReplicaIds(0))
                  .build());
      case "ListReassignments" ->
          List.of(ListReassignmentsRequest.newBuilder().setPageToken("dC8w").build());
      case "ElectLeaders" ->
          List.of(
              ElectLeadersRequest.newBuilder()
                  .addPartitions(TopicPartition.newBuilder().setTopic("t"))
                  .build());
      case "RemoveBroker" -> List.of(RemoveBrokerRequest.newBuilder().setBrokerId(7).build());
      case "ListReplicas" -> List.of(ListReplicasRequest.newBuilder().setPageToken("dC8w").build());
      default -> throw new AssertionError(method + " is new: give it a legal request");
    };
  }
}
