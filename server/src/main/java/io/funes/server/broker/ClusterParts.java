package io.funes.server.broker;

import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import io.funes.server.config.ClusterConfig;
import io.funes.server.controller.BrokerLife;
import io.funes.server.controller.BrokerSession;
import io.funes.server.controller.Controller;
import io.funes.server.controller.ControllerSettings;
import io.funes.server.controller.DeathWatch;
import io.funes.server.controller.LocalHeartbeats;
import io.funes.server.controller.transport.ControllerGrpcService;
import io.funes.server.controller.transport.GrpcHeartbeatChannel;
import io.funes.server.controller.transport.SocketProbe;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.raft.LeadershipListener;
import io.funes.server.metadata.raft.QuorumGrowth;
import io.funes.server.metadata.raft.RaftChannel;
import io.funes.server.metadata.raft.RatisMetadataLog;
import io.funes.server.metadata.raft.Resignation;
import io.funes.server.metadata.transport.GrpcRaftChannel;
import io.funes.server.metadata.transport.InternalConnections;
import io.funes.server.metadata.transport.JoinGrpcService;
import io.funes.server.metadata.transport.RaftGrpcService;
import io.funes.server.replication.LeaderLinks;
import io.funes.server.replication.PartitionTable;
import io.funes.server.replication.transport.GrpcReplicaConnector;
import io.funes.server.replication.transport.GrpcReplicaService;
import io.funes.server.replication.transport.ReplicaConnections;
import io.funes.server.routing.LeaderConnections;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;

/**
 * What makes a broker one of several, put together: the metadata quorum, the internal listener, the
 * streams of replicas, its session with the controller, and the controller that it may become.
 */
final class ClusterParts implements AutoCloseable {
  private static final long RESIGN_MS_MAX = 2_000;

  private final ClusterConfig config;
  private final DataFolder folder;
  private final Ticker ticker;
  private final Enrolment enrolment;
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("funes-internal-", 0).factory());
  private final InternalTls tls;
  private final InternalConnections connections;
  private final GrpcRaftChannel raftChannel;
  private RatisMetadataLog metadata;
  private GrpcReplicaConnector replicas;
  private LeaderLinks links;
  private Controller controller;
  private Optional<InternalServer> listener = Optional.empty();
  private Optional<BrokerSession> session = Optional.empty();
  private volatile long brokerEpoch = -1;

  ClusterParts(ClusterConfig config, DataFolder folder, Ticker ticker) throws IOException {
    this.config = config;
    this.folder = folder;
    this.ticker = ticker;
    this.enrolment = new Enrolment(config, folder);
    this.tls = InternalTls.of(config.internalTls());
    this.connections = new InternalConnections(tls.channel());
    this.raftChannel = new GrpcRaftChannel(connections);
  }

  private ControllerSettings settings() {
    return ControllerSettings.DEFAULT.withSessionMs(config.sessionTimeoutMs());
  }

  RatisMetadataLog startMetadata(Consumer<Throwable> onFatal) throws IOException {
    metadata =
        RatisMetadataLog.start(
            enrolment.raft(),
            config.internalListen().isPresent() ? raftChannel : RaftChannel.none(),
            onFatal);
    return metadata;
  }

  /** Where the others reach this broker; empty where they cannot. */
  String address() {
    return enrolment.address();
  }

  /** The streams to those that this broker follows. */
  LeaderLinks links(Scheduler scheduler) {
    replicas =
        new GrpcReplicaConnector(
            folder.clusterId(),
            folder.nodeId(),
            () -> brokerEpoch,
            this::internalAddress,
            new ReplicaConnections(tls.channel()));
    links = new LeaderLinks(replicas, scheduler);
    return links;
  }

  /** To other brokers that lead what clients of this one ask for. */
  LeaderConnections leaders() {
    return new LeaderConnections(tls.channel());
  }

  /** Serves from now on what other brokers send on, which must not block. */
  void serve(List<ServerServiceDefinition> services) {
    listener.ifPresent(present -> present.serve(services));
  }

  private Optional<String> internalAddress(int brokerId) {
    return metadata
        .image()
        .broker(brokerId)
        .map(BrokerImage::internalAddress)
        .filter(address -> !address.isEmpty());
  }

  /** Serves the other brokers, takes part in the quorum, and returns when the metadata is here. */
  void enter(PartitionTable table, Scheduler scheduler) throws IOException {
    controller =
        new Controller(
            settings(),
            metadata::image,
            metadata::submit,
            new SocketProbe(calls),
            scheduler,
            ticker);
    if (config.internalListen().isPresent()) {
      listener =
          Optional.of(
              InternalServer.start(
                  config.internalListen().get(),
                  tls.server(),
                  List.of(
                      new RaftGrpcService(metadata.handler(), calls).bindService(),
                      new JoinGrpcService(metadata, folder.clusterId()).bindService(),
                      new ControllerGrpcService(controller).bindService(),
                      new GrpcReplicaService(table.feeds(), folder.clusterId(), folder.nodeId())
                          .bindService()),
                  calls));
    }
    enrolment.enter(metadata);
  }

  /** The epoch of this life, which streams to other brokers name. */
  long register(String address) throws IOException {
    brokerEpoch = enrolment.register(metadata, address);
    return brokerEpoch;
  }

  /** The broker serves: it takes its part, and the controller's if it leads the quorum. */
  void begin(Scheduler scheduler) {
    metadata
        .submit(new MetadataCommand.UnfenceBroker(folder.nodeId(), brokerEpoch))
        .join()
        .orThrow();
    BrokerSession own =
        new BrokerSession(
            new BrokerLife(folder.nodeId(), brokerEpoch),
            metadata::image,
            metadata::leader,
            new LocalHeartbeats(
                folder.nodeId(),
                controller,
                new DeathWatch(
                    new GrpcHeartbeatChannel(connections),
                    new SocketProbe(calls),
                    metadata::leaderDied)),
            standing -> links.heard(standing == BrokerSession.Standing.SERVING),
            settings(),
            scheduler,
            ticker);
    session = Optional.of(own);
    own.start();
    // After those that serve clients, here as with each change.
    metadata.subscribe((_, delta) ->
        delta.activeBrokers(folder.nodeId()).forEach(broker -> replicas.prepare(broker.id())));
    metadata.subscribe(
        new LeadershipListener() {
          @Override
          public void leading(long term) {
            controller.leading(term, own.lastAnswer());
          }

          @Override
          public void following() {
            controller.following();
          }
        });
    new QuorumGrowth(metadata, scheduler, config.votersMax()).start();
    tls.renew(scheduler);
  }

  /**
   * Others take over what this broker leads, as far as they can within the time: the metadata log
   * first, since its next leader sees to the partitions.
   */
  void handOver(long timeoutMs) {
    if (session.isEmpty() || metadata.image().brokers().size() < 2) {
      return;
    }
    Resignation.handOver(metadata, folder.nodeId(), Math.min(timeoutMs, RESIGN_MS_MAX));
    try {
      session.get().shutDown().get(timeoutMs, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      // It stops all the same, and the others notice.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    session.ifPresent(BrokerSession::close);
    if (controller != null) {
      controller.close();
    }
    listener.ifPresent(InternalServer::stop);
    if (replicas != null) {
      replicas.close();
    }
    raftChannel.close();
    calls.shutdownNow();
  }
}
