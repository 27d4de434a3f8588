package io.funes.server.testing;

import io.funes.proto.v1.ClusterServiceGrpc;
import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.MetadataServiceGrpc;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.TopicServiceGrpc;
import io.funes.server.api.ClusterApi;
import io.funes.server.api.MetadataApi;
import io.funes.server.api.MetadataWatches;
import io.funes.server.api.ProduceApi;
import io.funes.server.api.Services;
import io.funes.server.api.TopicApi;
import io.funes.server.api.fetch.FetchCalls;
import io.funes.server.api.mapping.TopicMapping;
import io.funes.server.api.produce.ProduceCalls;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.InSyncChange;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataLimits;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.metadata.TopicImage;
import io.funes.server.replication.DiskGate;
import io.funes.server.replication.EarlyAppends;
import io.funes.server.replication.PartitionTable;
import io.funes.server.replication.TopicRulesSource;
import io.funes.server.replication.Upkeep;
import io.funes.server.routing.Routes;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A broker's services without sockets, on a disk that can fail and a clock that stands still. The
 * thread that calls stands for the network thread; what belongs on readers' or other threads is run
 * when the test says so.
 */
public final class ServicesFixture implements AutoCloseable {
  public static final UUID CLUSTER_ID = new UUID(1, 9);

  private static final int BATCH_BYTES_MAX = 1 << 20;

  public final FaultySegmentFiles disk = new FaultySegmentFiles();
  public final DiskGate gate = new DiskGate(1_000);

  /** Timers, upkeep and flushes. */
  public final ManualScheduler time = new ManualScheduler();

  public final ManualScheduler readers = new ManualScheduler();

  public final int brokerId;

  /** What clients are told to reach it at. */
  public final String address;

  public final ToldQuorum quorum = new ToldQuorum();

  private final MemoryMetadataLog metadata;
  private final MetadataWatches watches;
  private final MemoryProducerCheckpoints checkpoints = new MemoryProducerCheckpoints();
  private final PartitionTable table;
  private final ProduceCalls produceCalls;
  private final FetchCalls fetchCalls;
  private final Server server;
  private final ManagedChannel channel;

  private final Routes routes;

  private ServicesFixture(
      Path folder,
      MemoryMetadataLog metadata,
      int brokerId,
      MetadataLimits limits,
      List<ServerInterceptor> interceptors,
      ReplicaStreams streams) {
    this.metadata = metadata;
    this.brokerId = brokerId;
    this.address = UUID.randomUUID() + ":1942";
    this.routes =
        new Routes(brokerId, to -> InProcessChannelBuilder.forName(to).directExecutor().build());
    TestEnvironment environment =
        TestEnvironment.at(time)
            .disk(disk)
            .checkpoints(checkpoints)
            .brokerId(brokerId)
            .gate(gate)
            .fence(id -> metadata.image().producerEpoch(id))
            .others(streams.from(brokerId, () -> epoch(brokerId)));
    this.table =
        new PartitionTable(
            folder,
            environment.ofLogs(),
            environment.ofPartitions(),
            new TopicRulesSource(Map.of(), BATCH_BYTES_MAX),
            time);
    EarlyAppends early = new EarlyAppends(table, time);
    this.produceCalls = new ProduceCalls(table, early, time, BATCH_BYTES_MAX, routes);
    this.fetchCalls = new FetchCalls(table, readers, time, time, 10_000, routes);
    streams.add(brokerId, table, time);
    this.watches = new MetadataWatches(time, () -> quorum.view().leaderId());
    metadata.subscribe(table);
    metadata.subscribe(early);
    metadata.subscribe(watches);
    quorum.reportLeader(watches::wakeAll);
    metadata.subscribe(routes);
    InProcessServerBuilder builder =
        InProcessServerBuilder.forName(internalAddress()).directExecutor();
    services(limits)
        .forEach(service ->
            builder.addService(ServerInterceptors.interceptForward(service, interceptors)));
    try {
      server = builder.build().start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    metadata
        .submit(Commands.register(brokerId, new UUID(brokerId, 0), address, internalAddress()))
        .join();
    channel = InProcessChannelBuilder.forName(internalAddress()).directExecutor().build();
  }

  public static ServicesFixture in(Path folder) {
    return in(folder, MetadataLimits.DEFAULT, List.of());
  }

  public static ServicesFixture in(
      Path folder, MetadataLimits limits, List<ServerInterceptor> interceptors) {
    return new ServicesFixture(
        folder, new MemoryMetadataLog(), 0, limits, interceptors, new ReplicaStreams());
  }

  /**
   * One of several brokers that share their metadata and follow each other, with somebody in front
   * of its services.
   */
  public static ServicesFixture in(
      Path folder,
      MemoryMetadataLog metadata,
      int brokerId,
      List<ServerInterceptor> interceptors,
      ReplicaStreams streams) {
    return new ServicesFixture(
        folder, metadata, brokerId, MetadataLimits.DEFAULT, interceptors, streams);
  }

  private long epoch(int brokerId) {
    return metadata.image().broker(brokerId).orElseThrow().epoch();
  }

  /** What other brokers reach it at. */
  private String internalAddress() {
    return "internal." + address;
  }

  private List<ServerServiceDefinition> services(MetadataLimits limits) {
    TopicApi topics =
        new TopicApi(
            metadata, new TopicMapping(Map.of()), new TopicApi.Defaults(1, 1), limits, gate, time);
    return List.of(
        new ProduceApi(produceCalls, metadata, limits, gate).service(),
        Services.define(FetchServiceGrpc.getServiceDescriptor(), fetchCalls.methods()),
        Services.define(TopicServiceGrpc.getServiceDescriptor(), topics.bindService().getMethods()),
        Services.define(
            MetadataServiceGrpc.getServiceDescriptor(),
            new MetadataApi(watches).bindService().getMethods()),
        Services.define(
            ClusterServiceGrpc.getServiceDescriptor(),
            new ClusterApi(
                    new ClusterApi.Identity(CLUSTER_ID, 0),
                    metadata,
                    quorum,
                    table,
                    Map.of(),
                    limits)
                .bindService()
                .getMethods()));
  }

  /** Ends the watches of the metadata, as a stopping broker does. */
  public void endWatches(Refusal why) {
    watches.end(why);
  }

  /** Another broker joins, of which there is nothing but its registration. */
  public void addBroker(int id) {
    metadata.submit(Commands.register(id)).join();
  }

  /** The other broker is not heard of any more. */
  public void fenceBroker(int id) {
    metadata.submit(new MetadataCommand.FenceBroker(id, epoch(id))).join();
  }

  /** The other broker is heard again and has caught up. */
  public void unfenceBroker(int id) {
    metadata.submit(new MetadataCommand.UnfenceBroker(id, epoch(id))).join();
  }

  /** The leader says who is in sync. */
  public void getInSync(String topicName, int number, Integer... brokers) {
    TopicImage topic = metadata.image().topic(new TopicName(topicName)).orElseThrow();
    PartitionImage partition = topic.partitions().get(number);
    List<InSyncChange.Member> members =
        Stream.of(brokers).map(id -> new InSyncChange.Member(id, -1)).toList();
    InSyncChange change =
        new InSyncChange(
            topic.partitionId(number),
            partition.leaderEpoch(),
            partition.partitionEpoch(),
            members,
            false);
    int leader = partition.leaderId();
    metadata
        .submit(new MetadataCommand.AlterInSync(leader, epoch(leader), List.of(change)))
        .join()
        .orThrow();
  }

  /** Begins retention, flushes and checkpoints, as time passes. */
  public void startUpkeep(long retentionMs) {
    new Upkeep(table, checkpoints, time).start(time, new Upkeep.Intervals(60_000, retentionMs));
  }

  /** Ends the streams of appends, as a stopping broker does. */
  public void endProduceStreams() {
    produceCalls.drain();
  }

  /** Sends readers away, as a stopping broker does. */
  public void drainReaders() {
    fetchCalls.drain();
  }

  /** Ends service of all partitions, as a stopping broker does. */
  public void endService(Refusal why) {
    table.close(why);
  }

  /** From now on commands meet a bug of the broker. */
  public void breakMetadata(RuntimeException bug) {
    metadata.fail(bug);
  }

  public int topicCount() {
    return table.topicCount();
  }

  public ManagedChannel channel() {
    return channel;
  }

  public ProduceServiceGrpc.ProduceServiceBlockingStub produce() {
    return ProduceServiceGrpc.newBlockingStub(channel);
  }

  public ClusterServiceGrpc.ClusterServiceBlockingStub cluster() {
    return ClusterServiceGrpc.newBlockingStub(channel);
  }

  public MetadataServiceGrpc.MetadataServiceStub metadata() {
    return MetadataServiceGrpc.newStub(channel);
  }

  public TopicServiceGrpc.TopicServiceBlockingStub topics() {
    return TopicServiceGrpc.newBlockingStub(channel);
  }

  public FetchServiceGrpc.FetchServiceStub fetch() {
    return FetchServiceGrpc.newStub(channel);
  }

  public void createTopic(String name, Map<String, String> configs) {
    createTopic(name, 1, 1, configs);
  }

  public void createTopic(String name, int partitions, int replicas, Map<String, String> configs) {
    var _ =
        topics()
            .createTopic(
                CreateTopicRequest.newBuilder()
                    .setName(name)
                    .setPartitionCount(partitions)
                    .setReplicationFactor(replicas)
                    .putAllConfigs(configs)
                    .build());
  }

  @Override
  public void close() {
    routes.close();
    channel.shutdownNow();
    server.shutdownNow();
    table.close(Refusal.of(io.funes.server.common.ErrorCode.BROKER_UNAVAILABLE, "the test ends"));
  }
}
