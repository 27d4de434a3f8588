package io.funes.bench.kafka;

import io.funes.bench.system.ClusterUnderTest;
import io.funes.bench.system.Hosts;
import io.funes.bench.system.LogSystem;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.Setting;
import java.nio.file.Path;

/**
 * Settings are Kafka's own keys, with {@code broker.}, {@code producer.} or {@code consumer.}
 * before them.
 */
public final class KafkaSystem implements LogSystem {
  @Override
  public String name() {
    return "kafka";
  }

  @Override
  public LogUnderTest open(Setting setting, Path folder) {
    return new Kafka(setting, folder);
  }

  @Override
  public ClusterUnderTest openCluster(Setting setting, Path folder, Hosts hosts) {
    return new KafkaCluster(setting, folder, hosts);
  }
}
