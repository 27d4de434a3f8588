package io.funes.bench.workload;

import io.funes.bench.machine.Meter;
import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.Payloads;
import io.funes.bench.system.RecordSender;
import io.funes.bench.system.SystemUnderTest;
import java.util.List;
import java.util.Set;

/**
 * One producer as fast as it goes, in stretches of 256 MiB, each to a topic of its own that is
 * deleted afterwards: so however long it lasts, what is written stays in the page cache. Cold is
 * the first stretch of a fresh client and a fresh broker, warm are those after the warm-up.
 *
 * @param valueBytes size of the values
 */
record Produce(String name, int valueBytes) implements BrokerWorkload {
  static final int PARTITIONS = 6;
  private static final int STRETCH_BYTES = 256 << 20;

  @Override
  public String title() {
    return "produce " + valueBytes + " B";
  }

  @Override
  public Set<String> systems() {
    return Set.of("funes", "kafka", "pipe");
  }

  @Override
  public List<Headline> headlines() {
    return List.of(
        Headline.rate("warm_records_per_second", "warm", "records/s"),
        Headline.rate("cold_records_per_second", "cold", "records/s"));
  }

  @Override
  public Figures run(LogUnderTest log, Pace pace) throws Exception {
    return measure(log, pace);
  }

  Figures measure(SystemUnderTest log, Pace pace) throws Exception {
    log.startBroker();
    long records = STRETCH_BYTES / valueBytes;
    Payloads payloads = new Payloads(valueBytes);
    Figures figures = new Figures();

    Meter cold = new Meter(log.brokerPids());
    stretch(log, "cold", payloads, records, cold);
    figures.put("cold_records_per_second", records / cold.seconds());

    Meter warmup = new Meter(log.brokerPids());
    for (int i = 0; warmup.seconds() < pace.throughputWarmupSeconds(); i++) {
      stretch(log, "warm-up-" + i, payloads, records, warmup);
    }

    Meter warm = new Meter(log.brokerPids());
    int stretches = 0;
    for (; warm.seconds() < pace.throughputSeconds(); stretches++) {
      stretch(log, "warm-" + stretches, payloads, records, warm);
    }
    return figures
        .putRate("warm_records_per_second", stretches * records, warm)
        .putBrokers(log.brokerPids());
  }

  private void stretch(
      SystemUnderTest log, String topic, Payloads payloads, long records, Meter meter)
      throws Exception {
    log.createTopic(topic, PARTITIONS);
    Acknowledgements acknowledgements = new Acknowledgements();
    try (RecordSender sender = log.sender(topic, acknowledgements)) {
      meter.start();
      send(sender, payloads, records);
      meter.stop();
    }
    acknowledgements.requireExactly(records);
    log.deleteTopic(topic);
  }

  /** Numbers them from 0, and returns when all are acknowledged. */
  static void send(RecordSender sender, Payloads payloads, long records) {
    for (long i = 0; i < records; i++) {
      sender.send(RecordSender.ANY_PARTITION, payloads.value(i));
    }
    sender.flush();
  }
}
