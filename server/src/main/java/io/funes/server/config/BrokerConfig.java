package io.funes.server.config;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Everything a broker is told at its start.
 *
 * @param dataFolder absolute
 */
public record BrokerConfig(
    Path dataFolder,
    ClusterConfig cluster,
    NetworkConfig network,
    TopicsConfig topics,
    StorageConfig storage,
    LoggingConfig logging) {

  /** The defaults, with these values by key. */
  public static BrokerConfig of(Map<String, String> values) {
    ConfigSources sources = new ConfigSources();
    values.forEach((key, value) -> sources.flag("given", key, value));
    return sources.load();
  }

  static BrokerConfig of(Settings settings) {
    ListenAddress listen = settings.get(ConfigKeys.LISTEN);
    return new BrokerConfig(
        settings.get(ConfigKeys.DATA_DIR),
        new ClusterConfig(
            settings.get(ConfigKeys.NODE_ID),
            settings.get(ConfigKeys.RACK),
            settings.get(ConfigKeys.INTERNAL_LISTEN).resolve(() -> internalListen(listen)),
            settings.get(ConfigKeys.INTERNAL_ADVERTISE),
            internalTls(settings),
            settings.get(ConfigKeys.CLUSTER_JOIN),
            settings.get(ConfigKeys.BROKER_SESSION_TIMEOUT_MS),
            settings.get(ConfigKeys.REPLICA_LAG_MS_MAX),
            settings.get(ConfigKeys.METADATA_VOTERS),
            settings.get(ConfigKeys.REPLICATION_CATCHUP_BYTES_PER_SECOND)),
        new NetworkConfig(
            listen,
            settings.get(ConfigKeys.ADVERTISE),
            settings.get(ConfigKeys.METRICS_LISTEN).resolve(() -> metricsListen(listen)),
            settings.get(ConfigKeys.NETWORK_THREADS),
            settings.get(ConfigKeys.READ_THREADS),
            settings.get(ConfigKeys.BATCH_BYTES_MAX),
            settings.get(ConfigKeys.HEARTBEAT_INTERVAL_MS),
            settings.get(ConfigKeys.SHUTDOWN_TIMEOUT_MS)),
        topics(settings),
        new StorageConfig(
            settings.get(ConfigKeys.DISK_FREE_BYTES_MIN),
            settings.get(ConfigKeys.CHECKPOINT_INTERVAL_MS),
            settings.get(ConfigKeys.RETENTION_CHECK_INTERVAL_MS)),
        new LoggingConfig(settings.get(ConfigKeys.LOG_LEVEL), settings.get(ConfigKeys.LOG_FORMAT)));
  }

  /** Moves with {@code listen}, so that a second broker on a machine needs one setting only. */
  private static Optional<ListenAddress> metricsListen(ListenAddress listen) {
    boolean free = listen.port() == 0 || listen.port() == ListenAddress.PORT_MAX;
    return Optional.of(new ListenAddress("127.0.0.1", free ? 0 : listen.port() + 1));
  }

  /** Other brokers must be able to know it before it is bound. */
  private static Optional<ListenAddress> internalListen(ListenAddress listen) {
    boolean none = listen.port() == 0 || listen.port() + 2 > ListenAddress.PORT_MAX;
    return none
        ? Optional.empty()
        : Optional.of(new ListenAddress(listen.host(), listen.port() + 2));
  }

  private static Optional<TlsConfig> internalTls(Settings settings) {
    Optional<Path> certificate = settings.get(ConfigKeys.INTERNAL_TLS_CERTIFICATE);
    Optional<Path> key = settings.get(ConfigKeys.INTERNAL_TLS_KEY);
    Optional<Path> authority = settings.get(ConfigKeys.INTERNAL_TLS_AUTHORITY);
    if (certificate.isPresent() && key.isPresent() && authority.isPresent()) {
      return Optional.of(new TlsConfig(certificate.get(), key.get(), authority.get()));
    }
    if (certificate.isPresent() || key.isPresent() || authority.isPresent()) {
      throw new ConfigException(
          "TLS between brokers needs internal.tls.certificate, internal.tls.key and"
              + " internal.tls.authority: set all three, or none");
    }
    return Optional.empty();
  }

  private static TopicsConfig topics(Settings settings) {
    int partitionsMax = settings.get(ConfigKeys.TOPIC_PARTITIONS_MAX);
    int partitionsDefault = settings.get(ConfigKeys.TOPIC_PARTITIONS_DEFAULT);
    if (partitionsDefault > partitionsMax) {
      throw new ConfigException(
          "%s: topic.partitions.default is %d, but topic.partitions.max is %d"
              .formatted(
                  settings.origin(ConfigKeys.TOPIC_PARTITIONS_DEFAULT),
                  partitionsDefault,
                  partitionsMax));
    }
    return new TopicsConfig(
        partitionsDefault,
        settings.get(ConfigKeys.TOPIC_REPLICATION_DEFAULT),
        partitionsMax,
        settings.get(ConfigKeys.BROKER_PARTITIONS_MAX),
        settings.topicDefaults());
  }
}
