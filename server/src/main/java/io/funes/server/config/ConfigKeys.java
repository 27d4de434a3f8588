package io.funes.server.config;

import io.funes.server.metadata.TopicConfigKey;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Stream;

/** The table of keys, in the order of the documentation. */
final class ConfigKeys {
  private static final String TOPIC_DEFAULT_PREFIX = "topic.default.";

  /** The largest message that every stub accepts is 4 MiB, and a batch is not alone in its own. */
  private static final int BATCH_BYTES_LIMIT = (4 << 20) - (64 << 10);

  private static final long HOUR_MS = 3_600_000;

  static final ConfigKey<Path> DATA_DIR =
      new ConfigKey<>(
          "data.dir",
          "funes-data",
          ValueType.folder(),
          "Where everything is kept. One broker at a time opens it. A relative path starts at the"
              + " working directory.");
  static final ConfigKey<ListenAddress> LISTEN =
      new ConfigKey<>(
          "listen",
          "127.0.0.1:1942",
          ValueType.address(),
          "Where clients connect. `0.0.0.0:1942` takes connections from everywhere; without TLS"
              + " the broker warns then.");
  static final ConfigKey<Optional<ListenAddress>> ADVERTISE =
      new ConfigKey<>(
          "advertise",
          "auto",
          ValueType.addressOr("auto"),
          "The address that clients are told to connect to. `auto` is that of `listen`, with this machine's"
              + " name where `listen` takes connections from everywhere.");
  static final ConfigKey<SideListen> METRICS_LISTEN =
      new ConfigKey<>(
          "metrics.listen",
          "auto",
          SideListen.type(),
          "Where Prometheus reads `/metrics`. `auto` is the port after that of `listen`, on"
              + " 127.0.0.1.");
  static final ConfigKey<OptionalInt> NODE_ID =
      new ConfigKey<>(
          "node.id",
          "auto",
          ValueType.integerOr("auto", 0, Integer.MAX_VALUE),
          "The broker's number in its cluster. `auto` is 0 for the first broker, and what the cluster"
              + " gives to one that joins. A data folder keeps its number and refuses another.");
  static final ConfigKey<SideListen> INTERNAL_LISTEN =
      new ConfigKey<>(
          "internal.listen",
          "auto",
          SideListen.type(),
          "Where other brokers connect. `auto` is the second port after that of `listen`, on the same"
              + " host. `off`, or port 0 in `listen`, keeps the broker alone.");
  static final ConfigKey<Optional<ListenAddress>> INTERNAL_ADVERTISE =
      new ConfigKey<>(
          "internal.advertise",
          "auto",
          ValueType.addressOr("auto"),
          "The address that other brokers connect to; `auto` as for `advertise`.");
  static final ConfigKey<Optional<Path>> INTERNAL_TLS_CERTIFICATE =
      new ConfigKey<>(
          "internal.tls.certificate",
          "",
          ValueType.file(),
          "PEM file with this broker's certificate, and those between it and the authority. With it brokers"
              + " talk TLS to each other, and each shows its own. It names the host of `internal.advertise`.");
  static final ConfigKey<Optional<Path>> INTERNAL_TLS_KEY =
      new ConfigKey<>(
          "internal.tls.key",
          "",
          ValueType.file(),
          "PEM file with the certificate's private key (PKCS #8, no password).");
  static final ConfigKey<Optional<Path>> INTERNAL_TLS_AUTHORITY =
      new ConfigKey<>(
          "internal.tls.authority",
          "",
          ValueType.file(),
          "PEM file with the certificates that vouch for brokers, and for nobody else: who has one of theirs is"
              + " a broker.");
  static final ConfigKey<List<ListenAddress>> CLUSTER_JOIN =
      new ConfigKey<>(
          "cluster.join",
          "",
          ValueType.addresses(),
          "Internal addresses of brokers of the cluster that a new broker joins. Without effect on a"
              + " data folder that has a cluster.");
  static final ConfigKey<Integer> METADATA_VOTERS =
      new ConfigKey<>(
          "metadata.voters",
          "3",
          ValueType.integer(1, 5),
          "How many brokers vote in the metadata quorum, as soon as there are so many: with 3 one may"
              + " be down, with 5 two. Others listen. An even number is as good as the one below. Of"
              + " the broker that is the controller it counts.");
  static final ConfigKey<String> RACK =
      new ConfigKey<>(
          "rack",
          "",
          ValueType.text(255),
          "Where the broker stands, for the placement of replicas and for readers near by.");
  static final ConfigKey<Long> BROKER_SESSION_TIMEOUT_MS =
      new ConfigKey<>(
          "broker.session.timeout.ms",
          "2000",
          ValueType.whole(500, HOUR_MS),
          "A broker that the controller has not heard for so long is fenced, and others lead. The same on"
              + " all brokers: any of them may be the controller.");
  static final ConfigKey<Long> REPLICA_LAG_MS_MAX =
      new ConfigKey<>(
          "replica.lag.ms.max",
          "10000",
          ValueType.whole(100, HOUR_MS),
          "A follower that has not caught up for so long leaves the in-sync replicas.");
  static final ConfigKey<Long> REPLICATION_CATCHUP_BYTES_PER_SECOND =
      new ConfigKey<>(
          "replication.catchup.bytes.per.second",
          "0",
          ValueType.whole(0, Long.MAX_VALUE),
          "Most that the broker sends to replicas that are not in sync, all together; in-sync ones are"
              + " never held back. 0 is no limit. Below the rate of what is produced, they never"
              + " catch up.");
  static final ConfigKey<Integer> TOPIC_PARTITIONS_DEFAULT =
      new ConfigKey<>(
          "topic.partitions.default",
          "1",
          ValueType.integer(1, 100_000),
          "Partitions of a topic that is created without a number.");
  static final ConfigKey<Integer> TOPIC_REPLICATION_DEFAULT =
      new ConfigKey<>(
          "topic.replication.default",
          "1",
          ValueType.integer(1, 100),
          "Replicas of a topic that is created without a number.");
  static final ConfigKey<Integer> TOPIC_PARTITIONS_MAX =
      new ConfigKey<>(
          "topic.partitions.max",
          "10000",
          ValueType.integer(1, 100_000),
          "Most partitions that one topic may have.");
  static final ConfigKey<Integer> BROKER_PARTITIONS_MAX =
      new ConfigKey<>(
          "broker.partitions.max",
          "20000",
          ValueType.integer(1, 1_000_000),
          "Most partitions that the broker may hold, all topics together.");
  static final ConfigKey<Integer> BATCH_BYTES_MAX =
      new ConfigKey<>(
          "batch.bytes.max",
          "3670016",
          ValueType.integer(4096, BATCH_BYTES_LIMIT),
          "Largest batch that is accepted.");
  static final ConfigKey<Integer> NETWORK_THREADS =
      new ConfigKey<>(
          "network.threads",
          "2",
          ValueType.integer(1, 256),
          "Threads that read and write the clients' connections.");
  static final ConfigKey<Integer> READ_THREADS =
      new ConfigKey<>(
          "read.threads",
          "2",
          ValueType.integer(1, 256),
          "Threads that read files and answer readers.");
  static final ConfigKey<Long> DISK_FREE_BYTES_MIN =
      new ConfigKey<>(
          "disk.free.bytes.min",
          "268435456",
          ValueType.whole(0, Long.MAX_VALUE),
          "With less free space on the data folder's disk, others lead in the broker's place where"
              + " they can, and else produce is refused (`DISK_FULL`); reads go on, and produce"
              + " returns with the space.");
  static final ConfigKey<Long> CHECKPOINT_INTERVAL_MS =
      new ConfigKey<>(
          "checkpoint.interval.ms",
          "60000",
          ValueType.whole(100, HOUR_MS),
          "How often logs are checkpointed. Recovery after a crash reads what came after the last"
              + " checkpoint.");
  static final ConfigKey<Long> RETENTION_CHECK_INTERVAL_MS =
      new ConfigKey<>(
          "retention.check.interval.ms",
          "30000",
          ValueType.whole(100, 24 * HOUR_MS),
          "How often segments past their retention are looked for.");
  static final ConfigKey<Long> HEARTBEAT_INTERVAL_MS =
      new ConfigKey<>(
          "heartbeat.interval.ms",
          "10000",
          ValueType.whole(100, HOUR_MS),
          "How long a stream of records stays silent before the broker sends a heartbeat on it.");
  static final ConfigKey<Long> SHUTDOWN_TIMEOUT_MS =
      new ConfigKey<>(
          "shutdown.timeout.ms",
          "10000",
          ValueType.whole(0, HOUR_MS),
          "How long a stopping broker waits for others to take over what it leads, and then as"
              + " long again for calls that are under way.");
  static final ConfigKey<LoggingConfig.Level> LOG_LEVEL =
      new ConfigKey<>(
          "log.level",
          "info",
          ValueType.oneOf(LoggingConfig.Level.class),
          "Least severe messages that the broker logs, on standard error.");
  static final ConfigKey<LoggingConfig.Format> LOG_FORMAT =
      new ConfigKey<>(
          "log.format",
          "text",
          ValueType.oneOf(LoggingConfig.Format.class),
          "One line of text per message, or one JSON object.");

  static final List<ConfigKey<?>> ALL =
      List.of(
          DATA_DIR,
          LISTEN,
          ADVERTISE,
          METRICS_LISTEN,
          NODE_ID,
          INTERNAL_LISTEN,
          INTERNAL_ADVERTISE,
          INTERNAL_TLS_CERTIFICATE,
          INTERNAL_TLS_KEY,
          INTERNAL_TLS_AUTHORITY,
          CLUSTER_JOIN,
          METADATA_VOTERS,
          RACK,
          BROKER_SESSION_TIMEOUT_MS,
          REPLICA_LAG_MS_MAX,
          REPLICATION_CATCHUP_BYTES_PER_SECOND,
          TOPIC_PARTITIONS_DEFAULT,
          TOPIC_REPLICATION_DEFAULT,
          TOPIC_PARTITIONS_MAX,
          BROKER_PARTITIONS_MAX,
          BATCH_BYTES_MAX,
          NETWORK_THREADS,
          READ_THREADS,
          DISK_FREE_BYTES_MIN,
          CHECKPOINT_INTERVAL_MS,
          RETENTION_CHECK_INTERVAL_MS,
          HEARTBEAT_INTERVAL_MS,
          SHUTDOWN_TIMEOUT_MS,
          LOG_LEVEL,
          LOG_FORMAT);

  private ConfigKeys() {}

  /** The key that sets a topic config for topics that do not set it themselves. */
  static String topicDefault(TopicConfigKey key) {
    return TOPIC_DEFAULT_PREFIX + key.key();
  }

  /** Every key that may be set. */
  static List<String> names() {
    return Stream.concat(
            ALL.stream().map(ConfigKey::name),
            Arrays.stream(TopicConfigKey.values()).map(ConfigKeys::topicDefault))
        .toList();
  }
}
