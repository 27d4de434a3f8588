package io.funes.server.broker;

import io.funes.server.config.ClusterConfig;
import io.funes.server.config.ListenAddress;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.raft.MemberChange;
import io.funes.server.metadata.raft.Peer;
import io.funes.server.metadata.raft.RaftConfig;
import io.funes.server.metadata.raft.RaftTuning;
import io.funes.server.metadata.raft.RatisMetadataLog;
import io.funes.server.metadata.transport.InternalConnections;
import io.funes.server.metadata.transport.JoinCall;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * How a broker becomes a member of its cluster, and is one again after each start: it learns its
 * id, is taken into the metadata quorum, and registers.
 */
final class Enrolment {
  private static final long READY_MS_MAX = 60_000;
  private static final long CHANGE_MS_MAX = 30_000;

  private final ClusterConfig config;
  private final DataFolder folder;

  Enrolment(ClusterConfig config, DataFolder folder) {
    this.config = config;
    this.folder = folder;
  }

  /** Asks the cluster that a new broker joins who it is. */
  static DataFolder.Joined join(ClusterConfig config) throws IOException {
    if (config.internalListen().isEmpty()) {
      throw new IOException(
          "a broker that joins others needs internal.listen: set it to HOST:PORT");
    }
    InternalTls tls = InternalTls.of(config.internalTls());
    JoinCall.Joined joined = JoinCall.ask(seeds(config), new InternalConnections(tls.channel()));
    return new DataFolder.Joined(joined.clusterId(), joined.nodeId());
  }

  private static List<String> seeds(ClusterConfig config) {
    return config.join().stream().map(ListenAddress::toString).toList();
  }

  /** Where the others reach this broker; empty where they cannot. */
  String address() {
    return config.internalAddress().map(ListenAddress::toString).orElse("");
  }

  private Peer self() {
    return new Peer(folder.nodeId(), address());
  }

  RaftConfig raft() throws IOException {
    return new RaftConfig(folder.raft(), folder.clusterId(), self(), start(), RaftTuning.DEFAULT);
  }

  private RaftConfig.Start start() throws IOException {
    if (!folder.firstStart()) {
      return new RaftConfig.Start.Restart();
    }
    if (!folder.joined()) {
      return new RaftConfig.Start.Found();
    }
    if (config.join().isEmpty()) {
      throw new IOException(
          "broker %d has not finished to join cluster %s: start it with --join once more"
              .formatted(folder.nodeId(), folder.clusterId()));
    }
    return new RaftConfig.Start.Join(seeds(config));
  }

  /**
   * Takes part in the quorum, where it can be reached now, and returns when the metadata is here.
   */
  void enter(RatisMetadataLog metadata) throws IOException {
    if (folder.firstStart() && folder.joined()) {
      announce(metadata);
    }
    metadata.awaitReady(READY_MS_MAX);
    if (hasMoved(metadata)) {
      announce(metadata);
    }
  }

  private boolean hasMoved(RatisMetadataLog metadata) throws IOException {
    return metadata.quorum().members().stream()
        .anyMatch(
            member -> member.peer().nodeId() == folder.nodeId() && !member.peer().equals(self()));
  }

  private void announce(RatisMetadataLog metadata) throws IOException {
    try {
      metadata
          .change(new MemberChange(MemberChange.Kind.ADD_LISTENER, self()), CHANGE_MS_MAX)
          .get(CHANGE_MS_MAX, TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException e) {
      throw new IOException(
          "broker %d is not taken into the metadata quorum: %s"
              .formatted(folder.nodeId(), e.getCause() == null ? e : e.getCause().getMessage()),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * Says at which addresses this broker is in this life, and returns its epoch when the image here
   * has it: what the metadata said of an earlier life must not be acted on.
   */
  long register(RatisMetadataLog metadata, String address) throws IOException {
    MetadataCommand register =
        new MetadataCommand.RegisterBroker(
            folder.nodeId(),
            folder.incarnation(),
            address,
            address(),
            Optional.of(config.rack()).filter(rack -> !rack.isEmpty()),
            folder.cleanIncarnation(),
            true);
    Outcome.BrokerRegistered registered =
        (Outcome.BrokerRegistered) metadata.submit(register).join().orThrow();
    metadata.awaitReady(READY_MS_MAX);
    return registered.brokerEpoch();
  }
}
