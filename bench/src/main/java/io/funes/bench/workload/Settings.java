package io.funes.bench.workload;

import io.funes.bench.system.Setting;
import java.util.List;
import java.util.Map;

/**
 * The configurations that a system may choose from. Each workload compares Funes as it comes with
 * the best of the others.
 */
public final class Settings {
  private static final String MEBIBYTES_10 = Integer.toString(10 << 20);

  private static final Setting LINGER_1 =
      new Setting(
          "linger 1 ms, batch 1 MiB",
          Map.of(
              "producer.linger.ms", "1",
              "producer.batch.size", Integer.toString(1 << 20),
              "producer.buffer.memory", Integer.toString(64 << 20)));
  private static final Setting LINGER_5 =
      new Setting(
          "linger 5 ms, batch 256 KiB",
          Map.of(
              "producer.linger.ms", "5",
              "producer.batch.size", Integer.toString(256 << 10),
              "producer.buffer.memory", Integer.toString(64 << 20)));
  private static final Setting FETCH_10 =
      new Setting(
          "fetch 10 MiB, batch 256 KiB",
          Map.of(
              "producer.linger.ms",
              "5",
              "producer.batch.size",
              Integer.toString(256 << 10),
              "consumer.max.partition.fetch.bytes",
              MEBIBYTES_10));
  private static final Setting FETCH_10_POLL =
      new Setting(
          "fetch 10 MiB, poll 10,000, batch 256 KiB",
          Map.of(
              "producer.linger.ms",
              "5",
              "producer.batch.size",
              Integer.toString(256 << 10),
              "consumer.max.partition.fetch.bytes",
              MEBIBYTES_10,
              "consumer.max.poll.records",
              "10000",
              "consumer.receive.buffer.bytes",
              Integer.toString(1 << 20)));
  private static final Setting LINGER_0 =
      new Setting("linger 0", Map.of("producer.linger.ms", "0"));
  private static final Setting LINGER_1_SMALL =
      new Setting(
          "linger 1 ms, batch 128 KiB",
          Map.of("producer.linger.ms", "1", "producer.batch.size", Integer.toString(128 << 10)));
  private static final Setting ZERO_COPY =
      new Setting("received buffers not copied", Map.of("zero-copy", "true"));

  /** Else it takes none of metadata as small as this. */
  private static final Setting SNAPSHOTS =
      new Setting(
          "a snapshot every 100 kB",
          Map.of("broker.metadata.log.max.record.bytes.between.snapshots", "100000"));

  private Settings() {}

  /** At least one, the defaults first. */
  public static List<Setting> of(String system, Workload workload) {
    return switch (system) {
      case "kafka" -> kafka(workload);
      case "pipe" -> pipe(workload);
      default -> List.of(Setting.DEFAULTS);
    };
  }

  private static List<Setting> kafka(Workload workload) {
    return switch (workload) {
      case Produce _, ClusterProduce _ -> List.of(Setting.DEFAULTS, LINGER_1, LINGER_5);
      case Consume _ -> List.of(Setting.DEFAULTS, FETCH_10, FETCH_10_POLL);
      case Latency _ -> List.of(Setting.DEFAULTS, LINGER_0, LINGER_1_SMALL);
      case MetadataSize _ -> List.of(SNAPSHOTS);
      case CatchUp _, Failover _, IdleCluster _ -> List.of(Setting.DEFAULTS);
      case ManyPartitions _, Startup _, UnaryProduce _ -> List.of(Setting.DEFAULTS);
    };
  }

  private static List<Setting> pipe(Workload workload) {
    return switch (workload) {
      case Produce _, Consume _ -> List.of(Setting.DEFAULTS, ZERO_COPY);
      default -> List.of(Setting.DEFAULTS);
    };
  }
}
