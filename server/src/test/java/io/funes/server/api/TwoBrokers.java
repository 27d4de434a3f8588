package io.funes.server.api;

import io.funes.proto.v1.Credits;
import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.FetchResponse;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.PartitionAppend;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceServiceGrpc.ProduceServiceBlockingStub;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.server.routing.Caller;
import io.funes.server.testing.Answers;
import io.funes.server.testing.MemoryMetadataLog;
import io.funes.server.testing.ReplicaStreams;
import io.funes.server.testing.ServicesFixture;
import io.grpc.ClientInterceptor;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;

/** Of two brokers one is asked for what the other leads of topic "t". */
final class TwoBrokers implements AutoCloseable {
  final ServicesFixture asked;
  final ServicesFixture other;

  /** Partition that the broker leads which is asked, and one that the other leads; -1 for none. */
  final int own;

  final int far;

  /** What reaches broker 1. */
  final Arrivals arrivals;

  private final AtomicReference<Metadata> trailers = new AtomicReference<>();
  private StreamObserver<ReadRequest> reader;

  private TwoBrokers(ServicesFixture asked, ServicesFixture other, Arrivals arrivals) {
    this.asked = asked;
    this.other = other;
    this.arrivals = arrivals;
    this.own = partitionLedBy(asked);
    this.far = partitionLedBy(other);
  }

  /** Two partitions: broker 0, which is asked, leads one and broker 1 the other. */
  static TwoBrokers leadingOneEach(Path folder) {
    Arrivals arrivals = new Arrivals();
    List<ServicesFixture> brokers = start(folder, arrivals);
    brokers.getFirst().createTopic("t", 2, 1, Map.of());
    return new TwoBrokers(brokers.getFirst(), brokers.getLast(), arrivals);
  }

  /** One partition: the broker that is asked follows. */
  static TwoBrokers followerAndLeader(Path folder) {
    Arrivals arrivals = new Arrivals();
    List<ServicesFixture> brokers = start(folder, arrivals);
    brokers.getFirst().createTopic("t", 1, 2, Map.of());
    int leaderId = partitions(brokers.getFirst()).getFirst().getLeaderId();
    return new TwoBrokers(brokers.get(1 - leaderId), brokers.get(leaderId), arrivals);
  }

  private static List<ServicesFixture> start(Path folder, Arrivals arrivals) {
    MemoryMetadataLog metadata = new MemoryMetadataLog();
    ReplicaStreams streams = new ReplicaStreams();
    return List.of(
        ServicesFixture.in(folder.resolve("0"), metadata, 0, List.of(), streams),
        ServicesFixture.in(folder.resolve("1"), metadata, 1, List.of(arrivals), streams));
  }

  private static List<Partition> partitions(ServicesFixture broker) {
    return broker
        .topics()
        .getTopic(GetTopicRequest.newBuilder().setName("t").build())
        .getTopic()
        .getPartitionsList();
  }

  private int partitionLedBy(ServicesFixture broker) {
    return partitions(asked).stream()
        .filter(partition -> partition.getLeaderId() == broker.brokerId)
        .mapToInt(Partition::getPartition)
        .findFirst()
        .orElse(-1);
  }

  static final class Arrivals implements ServerInterceptor {
    final List<Metadata> headers = new ArrayList<>();
    Deadline deadline;

    /** From now on it stands still. */
    boolean answerless;

    @Override
    public <Q, A> ServerCall.Listener<Q> interceptCall(
        ServerCall<Q, A> call, Metadata callHeaders, ServerCallHandler<Q, A> next) {
      headers.add(callHeaders);
      deadline = Context.current().getDeadline();
      return answerless ? new ServerCall.Listener<>() {} : next.startCall(call, callHeaders);
    }
  }

  ProduceRequest toOwn(String value) {
    return Requests.produce("t", value).setPartition(own).build();
  }

  ProduceRequest toFar(String value) {
    return Requests.produce("t", value).setPartition(far).build();
  }

  /** Asks with an eye on the trailers. */
  ProduceServiceBlockingStub producing() {
    return asked.produce().withInterceptors(seeingTrailers());
  }

  static List<PartitionAppend> appends(ProduceServiceBlockingStub stub, ProduceRequest to) {
    return stub.produce(to).getAppendsList();
  }

  Answers<FetchResponse> fetching(FetchRequest.Builder request) {
    Answers<FetchResponse> answer = new Answers<>();
    asked.fetch().withInterceptors(seeingTrailers()).fetch(request.build(), answer);
    runReaders();
    return answer;
  }

  Answers<ReadResponse> reading(ReadRequest.Builder request) {
    Answers<ReadResponse> answer = new Answers<>();
    reader = asked.fetch().read(answer);
    reader.onNext(request.build());
    runReaders();
    return answer;
  }

  /** The reader that began last takes so many records more. */
  void grant(long records) {
    reader.onNext(
        ReadRequest.newBuilder().setCredits(Credits.newBuilder().setRecords(records)).build());
    runReaders();
  }

  void runReaders() {
    for (int turn = 0; turn < 4; turn++) {
      asked.readers.runReady();
      other.readers.runReady();
    }
  }

  private ClientInterceptor seeingTrailers() {
    return MetadataUtils.newCaptureMetadataInterceptor(new AtomicReference<>(), trailers);
  }

  /** Addresses of the brokers that answered the last call in place of the one that was asked. */
  List<String> leadersTold() {
    List<String> told = new ArrayList<>();
    Iterable<String> leaders = trailers.get().getAll(Caller.LEADER);
    if (leaders != null) {
      leaders.forEach(told::add);
    }
    return told;
  }

  @Override
  public void close() {
    asked.close();
    other.close();
  }
}
