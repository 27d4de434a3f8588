package io.funes.bench.workload;

import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.Payloads;
import io.funes.bench.system.RecordSender;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * From the start of the broker's process to the first acknowledged record: a folder that has a
 * topic and was left in order, a client JVM that has connected before. Median of some starts.
 */
record Startup(String name) implements BrokerWorkload {
  private static final String TOPIC = "start-up";

  @Override
  public String title() {
    return "start-up";
  }

  @Override
  public Set<String> systems() {
    return Set.of("funes", "kafka");
  }

  @Override
  public List<Headline> headlines() {
    return List.of(
        Headline.time("first_record_seconds", "to the first acknowledged record", "s"),
        Headline.time("listening_seconds", "to the open port", "s"),
        Headline.time("broker_rss_mb", "resident memory then", "MB"));
  }

  @Override
  public Figures run(LogUnderTest log, Pace pace) throws Exception {
    Payloads payloads = new Payloads(1024);
    log.startBroker();
    log.createTopic(TOPIC, 6);
    produceOne(log, payloads);

    double[] listening = new double[pace.starts()];
    double[] firstRecord = new double[pace.starts()];
    Figures figures = new Figures();
    for (int i = 0; i < pace.starts(); i++) {
      log.stopBroker();
      long start = System.nanoTime();
      log.startBroker();
      listening[i] = (System.nanoTime() - start) / 1e9;
      firstRecord[i] = (produceOne(log, payloads) - start) / 1e9;
      figures.putBrokers(log.brokerPids());
    }
    return figures
        .put("first_record_seconds", median(firstRecord))
        .put("listening_seconds", median(listening));
  }

  /** Returns the time of the acknowledgement. */
  private static long produceOne(LogUnderTest log, Payloads payloads) throws Exception {
    Acknowledgements acknowledgements = new Acknowledgements();
    try (RecordSender sender = log.sender(TOPIC, acknowledgements)) {
      sender.send(0, payloads.value(0));
      sender.flush();
      long acknowledged = System.nanoTime();
      acknowledgements.requireExactly(1);
      return acknowledged;
    }
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
  }
}
