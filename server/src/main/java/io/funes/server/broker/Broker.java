package io.funes.server.broker;

import io.funes.server.api.interceptor.DeadlineInterceptor;
import io.funes.server.api.interceptor.MetricsInterceptor;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.ThreadScheduler;
import io.funes.server.common.Ticker;
import io.funes.server.config.BrokerConfig;
import io.funes.server.config.ListenAddress;
import io.funes.server.log.RocksProducerCheckpoints;
import io.funes.server.metadata.raft.RatisMetadataLog;
import io.funes.server.metadata.raft.RemovedException;
import io.funes.server.metrics.MetricsServer;
import io.funes.server.metrics.PrometheusMetrics;
import io.funes.server.replication.PartitionTable;
import io.funes.server.replication.UncleanElections;
import io.funes.server.routing.Routes;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running broker. Parts are built in the order in which they need each other, and closed in the
 * opposite one.
 */
public final class Broker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Broker.class);

  private final BrokerConfig config;
  private final Ticker ticker = Ticker.system();
  private final PrometheusMetrics metrics = new PrometheusMetrics();
  private final Deque<AutoCloseable> closings = new ArrayDeque<>();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private boolean clean = true;
  private DataFolder folder;
  private ClusterParts cluster;
  private RatisMetadataLog metadata;
  private PartitionTable table;
  private RpcServer rpc;
  private Optional<MetricsServer> metricsServer = Optional.empty();

  /** Makes one part. */
  private interface Opening<T> {
    T open() throws IOException;
  }

  private Broker(BrokerConfig config) {
    this.config = config;
  }

  /** Starts a broker whose process ends when its metadata can no longer be kept. */
  public static Broker start(BrokerConfig config) {
    return start(
        config,
        cause -> {
          if (cause instanceof RemovedException) {
            LOG.error(cause.getMessage());
          } else {
            LOG.error("the metadata log has failed: the process ends, start it again", cause);
          }
          Runtime.getRuntime().halt(70);
        });
  }

  /**
   * Starts a broker and returns when it serves.
   *
   * @param onFatal told when the broker cannot go on; the process should end
   * @throws BrokerStartException with a message for the operator
   */
  public static Broker start(BrokerConfig config, Consumer<Throwable> onFatal) {
    Broker broker = new Broker(config);
    try {
      broker.build(onFatal);
      return broker;
    } catch (IOException | RuntimeException e) {
      broker.closeParts();
      throw startFailure(config, e);
    }
  }

  private static BrokerStartException startFailure(BrokerConfig config, Exception e) {
    Throwable cause = e;
    while ((cause instanceof CompletionException || cause instanceof UncheckedIOException)
        && cause.getCause() != null) {
      cause = cause.getCause();
    }
    String message =
        String.valueOf(cause.getMessage()).startsWith("Failed to bind")
            ? bindFailure(config.network().listen(), String.valueOf(cause.getCause()))
            : cause.getMessage();
    return new BrokerStartException(message, e);
  }

  private static String bindFailure(ListenAddress listen, String why) {
    if (why.contains("assign requested address")) {
      return "%s is no address of this machine: give another --listen HOST:PORT".formatted(listen);
    }
    if (why.contains("Permission denied")) {
      return "%s needs rights that this user lacks: give --listen a port above 1023"
          .formatted(listen);
    }
    return "%s is in use: stop the process that listens there, or give another --listen HOST:PORT"
        .formatted(listen);
  }

  private void build(Consumer<Throwable> onFatal) throws IOException {
    Optional<DataFolder.Joining> joining =
        config.cluster().join().isEmpty()
            ? Optional.empty()
            : Optional.of(() -> Enrolment.join(config.cluster()));
    folder = DataFolder.open(config.dataFolder(), config.cluster().nodeId(), joining);
    closings.push(folder);
    closings.push(() -> markIfClean(folder));
    cluster = new ClusterParts(config.cluster(), folder, ticker);
    // Neither of the two needs the other or the network, and each takes a good part of the start.
    CompletableFuture<RatisMetadataLog> raft = beside(() -> cluster.startMetadata(onFatal));
    CompletableFuture<RocksProducerCheckpoints> rocks =
        beside(() -> RocksProducerCheckpoints.open(config.dataFolder().resolve("rocksdb")));
    ThreadScheduler scheduler = new ThreadScheduler("funes-work", 2);
    closings.push(scheduler);
    ThreadScheduler pushers = new ThreadScheduler("funes-push", 2);
    closings.push(pushers);
    closings.push(cluster);
    rpc = new RpcServer(config.network());
    closings.push(rpc::close);
    metadata = raft.join();
    serve(rocks.join(), scheduler, pushers);
  }

  private void markIfClean(DataFolder folder) {
    if (clean) {
      folder.markClean();
    }
  }

  /** Opens a part beside the others. It is closed in its turn, also where another one fails. */
  private <T extends AutoCloseable> CompletableFuture<T> beside(Opening<T> opening) {
    CompletableFuture<T> part =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return opening.open();
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            },
            Thread.ofPlatform().daemon().name("funes-start")::start);
    closings.push(() -> {
      T opened = part.exceptionally(failure -> null).join();
      if (opened != null) {
        opened.close();
      }
    });
    return part;
  }

  private void serve(
      RocksProducerCheckpoints checkpoints, ThreadScheduler scheduler, ThreadScheduler pushers)
      throws IOException {
    BrokerParts parts =
        new BrokerParts(config, folder.nodeId(), metadata, ticker, scheduler, metrics);
    ExecutorService flushers = Executors.newFixedThreadPool(1, daemon("funes-flush"));
    closings.push(flushers::shutdownNow);
    ExecutorService readers =
        Executors.newFixedThreadPool(config.network().readThreads(), daemon("funes-read"));
    closings.push(readers::shutdownNow);
    table = parts.table(folder.path(), checkpoints, flushers, pushers, cluster.links(scheduler));
    closings.push(() -> clean &= table.close(stopping()));
    cluster.enter(table, scheduler);
    folder.markStarted();
    if (!table.hasAll(metadata.image())) {
      folder.disown();
    }
    long brokerEpoch = cluster.register(advertised(config.network().listen()));
    folder.beginLife();
    metadata.subscribe(table);
    table.setStraysAside(metadata.image());
    parts.startUpkeep(table, checkpoints, folder.path(), brokerEpoch);
    parts.startInSyncRequests(table);
    Routes routes = new Routes(folder.nodeId(), cluster.leaders());
    closings.push(routes); // Sends nothing on any more: after the last call has ended.
    List<ServerServiceDefinition> services =
        intercepted(
            parts.services(
                table, readers, folder.clusterId(), new MetadataQuorumView(metadata), routes));
    metadata.subscribe(new UncleanElections(folder.nodeId(), metrics));
    cluster.serve(services);
    closings.push(() -> rpc.stop(config.network().shutdownTimeoutMs()));
    closings.push(parts::drain);
    cluster.begin(scheduler);
    rpc.start(services);
    closings.push(rpc::announceStop);
    if (config.network().listen().port() == 0) {
      var _ = cluster.register(advertised(rpc.address(config.network().listen())));
    }
    closings.push(() -> cluster.handOver(config.network().shutdownTimeoutMs()));
    if (config.network().metricsListen().isPresent()) {
      ListenAddress listen = config.network().metricsListen().get();
      metricsServer = Optional.of(serveMetrics(listen));
      closings.push(metricsServer.get());
    }
  }

  private List<ServerServiceDefinition> intercepted(List<ServerServiceDefinition> services) {
    List<ServerInterceptor> interceptors =
        List.of(new MetricsInterceptor(metrics, ticker), new DeadlineInterceptor());
    return services.stream()
        .map(service -> ServerInterceptors.interceptForward(service, interceptors))
        .toList();
  }

  /** Where clients connect to reach {@code listen}. */
  private String advertised(ListenAddress listen) {
    return config.network().advertise().orElseGet(listen::reachable).toString();
  }

  private MetricsServer serveMetrics(ListenAddress listen) throws IOException {
    try {
      return metrics.serve(listen.socketAddress());
    } catch (IOException e) {
      throw new IOException(
          "metrics cannot be served on %s: %s; set metrics.listen to another address, or to off"
              .formatted(listen, e.getMessage()),
          e);
    }
  }

  private static ThreadFactory daemon(String name) {
    return Thread.ofPlatform().daemon().name(name + "-", 0).factory();
  }

  private static Refusal stopping() {
    return Refusal.of(
        ErrorCode.BROKER_UNAVAILABLE, "the broker is stopping: go on when it is back");
  }

  /** HOST:PORT that clients connect to, with the port really bound. */
  public String address() {
    return rpc.address(config.network().listen()).toString();
  }

  /** The port really bound for metrics, where they are served. */
  public Optional<Integer> metricsPort() {
    return metricsServer.map(MetricsServer::port);
  }

  /** Where other brokers join; empty where it stays alone. */
  public Optional<String> internalAddress() {
    return Optional.of(cluster.address()).filter(address -> !address.isEmpty());
  }

  /** Its number in the cluster. */
  public int nodeId() {
    return folder.nodeId();
  }

  public int topicCount() {
    return table.topicCount();
  }

  public long partitionCount() {
    return (long) table.replicaCount();
  }

  /** Returns when the broker has been closed. */
  public void awaitStop() throws InterruptedException {
    stopped.await();
  }

  /**
   * Has others lead what this broker led, sends readers away, ends calls, makes checkpoints, and
   * leaves the mark of a clean shutdown.
   */
  @Override
  public void close() {
    closeParts();
    stopped.countDown();
  }

  private synchronized void closeParts() {
    for (AutoCloseable closing; (closing = closings.poll()) != null; ) {
      try {
        closing.close();
      } catch (Exception e) {
        clean = false;
        LOG.error("a part of the broker did not close well", e);
      }
    }
  }
}
