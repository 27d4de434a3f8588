package io.funes.cli.cluster;

import io.funes.cli.CliRun;
import io.funes.proto.v1.BrokerState;
import io.funes.proto.v1.ClusterBroker;
import io.funes.proto.v1.ClusterServiceGrpc;
import io.funes.proto.v1.DescribeClusterRequest;
import io.funes.proto.v1.DescribeClusterResponse;
import io.funes.proto.v1.ElectLeadersRequest;
import io.funes.proto.v1.ElectLeadersResponse;
import io.funes.proto.v1.ElectionResult;
import io.funes.proto.v1.GetMetadataRequest;
import io.funes.proto.v1.GetMetadataResponse;
import io.funes.proto.v1.ListReassignmentsRequest;
import io.funes.proto.v1.ListReassignmentsResponse;
import io.funes.proto.v1.MetadataServiceGrpc;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.ReassignPartitionsRequest;
import io.funes.proto.v1.ReassignPartitionsResponse;
import io.funes.proto.v1.Reassignment;
import io.funes.proto.v1.ReassignmentResult;
import io.funes.proto.v1.ReplicaAssignment;
import io.funes.proto.v1.TopicMetadata;
import io.funes.proto.v1.TopicPartition;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one broker says of a cluster whose topic "t" is moved about. A move that has begun is at its
 * end when it is next asked for.
 */
final class FakeCluster implements AutoCloseable {
  /** What becomes of a move. */
  enum Fate {
    ARRIVES,
    IS_CANCELLED,
    ENDS_WITH_ITS_PARTITION
  }

  /** How many partitions each election named. */
  final List<Integer> elections = Collections.synchronizedList(new ArrayList<>());

  private final int brokers;
  private final SortedMap<Integer, Partition> partitions =
      Collections.synchronizedSortedMap(new TreeMap<>());
  private final Map<Integer, Fate> fates = new HashMap<>();
  private final Server server;

  FakeCluster(int brokers) throws IOException {
    this.brokers = brokers;
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .directExecutor()
            .addService(new Moves())
            .addService(new Metadata())
            .build()
            .start();
  }

  /** The next partition. */
  void partition(int leader, Integer... replicas) {
    int number = partitions.size();
    partitions.put(
        number,
        Partition.newBuilder()
            .setPartition(number)
            .setLeaderId(leader)
            .addAllReplicaIds(List.of(replicas))
            .addAllInSyncReplicaIds(List.of(replicas))
            .build());
  }

  int leader(int partition) {
    return partitions.get(partition).getLeaderId();
  }

  /** When it moves. */
  void fate(int partition, Fate fate) {
    fates.put(partition, fate);
  }

  CliRun run(String... words) {
    List<String> command = new ArrayList<>(List.of(words));
    command.addAll(List.of("--server", "127.0.0.1:" + server.getPort()));
    return CliRun.of(command.toArray(new String[0]));
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private static <A> void answer(StreamObserver<A> observer, A answer) {
    observer.onNext(answer);
    observer.onCompleted();
  }

  private final class Moves extends ClusterServiceGrpc.ClusterServiceImplBase {
    @Override
    public void describeCluster(
        DescribeClusterRequest request, StreamObserver<DescribeClusterResponse> observer) {
      DescribeClusterResponse.Builder answer = DescribeClusterResponse.newBuilder();
      for (int id = 0; id < brokers; id++) {
        answer.addBrokers(
            ClusterBroker.newBuilder().setId(id).setState(BrokerState.BROKER_STATE_UP));
      }
      answer(observer, answer.build());
    }

    @Override
    public void listReassignments(
        ListReassignmentsRequest request, StreamObserver<ListReassignmentsResponse> observer) {
      answer(observer, ListReassignmentsResponse.getDefaultInstance());
    }

    @Override
    public void reassignPartitions(
        ReassignPartitionsRequest request, StreamObserver<ReassignPartitionsResponse> observer) {
      ReassignPartitionsResponse.Builder answer = ReassignPartitionsResponse.newBuilder();
      for (ReplicaAssignment move : request.getAssignmentsList()) {
        end(move);
        Reassignment begun =
            Reassignment.newBuilder()
                .setTopic(move.getTopic())
                .setPartition(move.getPartition())
                .addAllReplicaIds(move.getReplicaIdsList())
                .addAllAddingReplicaIds(move.getReplicaIdsList())
                .build();
        answer.addResults(ReassignmentResult.newBuilder().setReassignment(begun));
      }
      answer(observer, answer.build());
    }

    private void end(ReplicaAssignment move) {
      int number = move.getPartition();
      switch (fates.getOrDefault(number, Fate.ARRIVES)) {
        case ARRIVES ->
            partitions.computeIfPresent(
                number,
                (_, now) ->
                    now.toBuilder()
                        .clearReplicaIds()
                        .addAllReplicaIds(move.getReplicaIdsList())
                        .build());
        case IS_CANCELLED -> {}
        case ENDS_WITH_ITS_PARTITION -> partitions.remove(number);
      }
    }

    @Override
    public void electLeaders(
        ElectLeadersRequest request, StreamObserver<ElectLeadersResponse> observer) {
      elections.add(request.getPartitionsCount());
      ElectLeadersResponse.Builder answer = ElectLeadersResponse.newBuilder();
      for (TopicPartition named : request.getPartitionsList()) {
        int number = named.getPartition();
        int preferred = partitions.get(number).getReplicaIds(0);
        partitions.computeIfPresent(
            number, (_, now) -> now.toBuilder().setLeaderId(preferred).build());
        answer.addResults(
            ElectionResult.newBuilder()
                .setTopic(named.getTopic())
                .setPartition(number)
                .setLeaderId(preferred));
      }
      answer(observer, answer.build());
    }
  }

  private final class Metadata extends MetadataServiceGrpc.MetadataServiceImplBase {
    @Override
    public void getMetadata(
        GetMetadataRequest request, StreamObserver<GetMetadataResponse> observer) {
      TopicMetadata topic =
          TopicMetadata.newBuilder().setName("t").addAllPartitions(partitions.values()).build();
      answer(observer, GetMetadataResponse.newBuilder().addTopics(topic).build());
    }
  }
}
