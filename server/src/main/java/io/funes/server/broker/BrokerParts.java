package io.funes.server.broker;

import io.funes.proto.v1.ClusterServiceGrpc;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.MetadataServiceGrpc;
import io.funes.proto.v1.TopicServiceGrpc;
import io.funes.server.api.ClusterApi;
import io.funes.server.api.MetadataApi;
import io.funes.server.api.MetadataWatches;
import io.funes.server.api.ProduceApi;
import io.funes.server.api.QuorumView;
import io.funes.server.api.Services;
import io.funes.server.api.TopicApi;
import io.funes.server.api.fetch.FetchCalls;
import io.funes.server.api.mapping.TopicMapping;
import io.funes.server.api.produce.ProduceCalls;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import io.funes.server.config.BrokerConfig;
import io.funes.server.log.LogEnvironment;
import io.funes.server.log.ProducerCheckpoints;
import io.funes.server.log.file.ChannelSegmentFiles;
import io.funes.server.metadata.MetadataLimits;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metrics.Metrics;
import io.funes.server.replication.DiskGate;
import io.funes.server.replication.DiskWatch;
import io.funes.server.replication.EarlyAppends;
import io.funes.server.replication.FlushQueue;
import io.funes.server.replication.InSyncRequests;
import io.funes.server.replication.LeaderLinks;
import io.funes.server.replication.PartitionEnvironment;
import io.funes.server.replication.PartitionMetrics;
import io.funes.server.replication.PartitionTable;
import io.funes.server.replication.TopicRulesSource;
import io.funes.server.replication.Upkeep;
import io.funes.server.routing.Routes;
import io.grpc.ServerServiceDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Hands each part the piece of the config that is its own. */
final class BrokerParts {
  private static final int PRODUCERS_PER_PARTITION_MAX = 10_000;
  private static final int PRODUCER_NAMES_MAX = 100_000;

  /** Longer than any client retries. */
  private static final long PRODUCER_EXPIRATION_MS = TimeUnit.DAYS.toMillis(7);

  private static final long IN_SYNC_LOOK_MS = 500;

  /** Most that a frame to a follower carries, unless a batch is larger. */
  private static final int PUSH_BYTES_MAX = 1 << 20;

  private final BrokerConfig config;
  private final int nodeId;
  private final MetadataLog metadata;
  private final Ticker ticker;
  private final Scheduler scheduler;
  private final Metrics metrics;
  private final DiskGate diskGate;
  private final InSyncRequests inSyncRequests;
  private ProduceCalls produce;
  private FetchCalls fetch;
  private MetadataWatches watches;

  BrokerParts(
      BrokerConfig config,
      int nodeId,
      MetadataLog metadata,
      Ticker ticker,
      Scheduler scheduler,
      Metrics metrics) {
    this.config = config;
    this.nodeId = nodeId;
    this.metadata = metadata;
    this.ticker = ticker;
    this.scheduler = scheduler;
    this.metrics = metrics;
    this.diskGate = new DiskGate(config.storage().diskFreeBytesMin());
    this.inSyncRequests =
        new InSyncRequests(metadata, scheduler, nodeId, config.cluster().replicaLagMsMax());
  }

  PartitionTable table(
      Path dataFolder,
      ProducerCheckpoints checkpoints,
      Executor flushers,
      Scheduler pushers,
      LeaderLinks links) {
    LogEnvironment logs =
        new LogEnvironment(
            ticker,
            scheduler,
            new ChannelSegmentFiles(),
            checkpoints,
            PRODUCERS_PER_PARTITION_MAX,
            PRODUCER_EXPIRATION_MS);
    PartitionTable table =
        new PartitionTable(
            dataFolder,
            logs,
            new PartitionEnvironment(
                nodeId,
                diskGate,
                new FlushQueue(flushers),
                id -> metadata.image().producerEpoch(id),
                PartitionMetrics.in(metrics),
                PUSH_BYTES_MAX,
                links,
                inSyncRequests::outdated,
                ticker),
            new TopicRulesSource(
                config.topics().configDefaults(), config.network().batchBytesMax()),
            pushers);
    table.feeds().limitCatchup(config.cluster().catchupBytesPerSecond());
    metrics.gauge("funes_topics", "Topics served.", table::topicCount);
    metrics.gauge("funes_partitions", "Partitions served.", () -> (long) table.replicaCount());
    return table;
  }

  void startUpkeep(
      PartitionTable table, ProducerCheckpoints checkpoints, Path dataFolder, long brokerEpoch) {
    new DiskWatch(
            () -> Files.getFileStore(dataFolder).getUsableSpace(),
            diskGate,
            table,
            metadata,
            nodeId,
            brokerEpoch,
            ticker)
        .start(scheduler);
    new Upkeep(table, checkpoints, ticker)
        .start(
            scheduler,
            new Upkeep.Intervals(
                config.storage().checkpointIntervalMs(),
                config.storage().retentionCheckIntervalMs()));
  }

  void startInSyncRequests(PartitionTable table) {
    inSyncRequests.start(table, IN_SYNC_LOOK_MS);
  }

  List<ServerServiceDefinition> services(
      PartitionTable table,
      Executor readers,
      UUID clusterId,
      QuorumView.Source quorum,
      Routes routes) {
    MetadataLimits limits =
        new MetadataLimits(
            config.topics().partitionsMax(),
            config.topics().brokerPartitionsMax(),
            PRODUCER_NAMES_MAX);
    metadata.subscribe(routes);
    fetch =
        new FetchCalls(
            table, readers, scheduler, ticker, config.network().heartbeatIntervalMs(), routes);
    EarlyAppends early = new EarlyAppends(table, scheduler);
    metadata.subscribe(early);
    produce = new ProduceCalls(table, early, ticker, config.network().batchBytesMax(), routes);
    TopicApi topics =
        new TopicApi(
            metadata,
            new TopicMapping(config.topics().configDefaults()),
            new TopicApi.Defaults(
                config.topics().partitionsDefault(), config.topics().replicationDefault()),
            limits,
            diskGate,
            ticker);
    watches = new MetadataWatches(scheduler, () -> quorum.view().leaderId());
    metadata.subscribe(watches);
    quorum.reportLeader(watches::wakeAll);
    return List.of(
        new ProduceApi(produce, metadata, limits, diskGate).service(),
        Services.define(FetchServiceGrpc.getServiceDescriptor(), fetch.methods()),
        Services.define(TopicServiceGrpc.getServiceDescriptor(), topics.bindService().getMethods()),
        Services.define(
            MetadataServiceGrpc.getServiceDescriptor(),
            new MetadataApi(watches).bindService().getMethods()),
        Services.define(
            ClusterServiceGrpc.getServiceDescriptor(),
            new ClusterApi(
                    new ClusterApi.Identity(clusterId, nodeId),
                    metadata,
                    quorum,
                    table,
                    config.topics().configDefaults(),
                    limits)
                .bindService()
                .getMethods()));
  }

  /** Asks those with a stream to go elsewhere. */
  void drain() {
    produce.drain();
    fetch.drain();
    watches.end(
        Refusal.of(
            ErrorCode.BROKER_UNAVAILABLE, "the broker is stopping: watch by way of another one"));
  }
}
