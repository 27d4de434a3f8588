package io.funes.bench.workload;

import io.funes.bench.machine.Meter;
import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.Payloads;
import io.funes.bench.system.ReadMode;
import io.funes.bench.system.RecordReceiver;
import io.funes.bench.system.RecordSender;
import java.util.List;
import java.util.Set;

/**
 * One consumer of all partitions reads a topic of 512 MiB from its beginning to its end, again and
 * again; it lies in the page cache. Cold is the first time.
 *
 * @param valueBytes size of the values
 */
record Consume(String name, int valueBytes) implements BrokerWorkload {
  private static final int PARTITIONS = 6;
  private static final int TOPIC_BYTES = 512 << 20;
  private static final String TOPIC = "consume";
  private static final String VIEWS = "view_records_per_second";

  @Override
  public String title() {
    return "consume " + valueBytes + " B";
  }

  @Override
  public Set<String> systems() {
    return Set.of("funes", "kafka", "pipe");
  }

  @Override
  public List<Headline> headlines() {
    return List.of(
        Headline.rate("warm_records_per_second", "warm, values copied out", "records/s"),
        Headline.rate("cold_records_per_second", "cold, values copied out", "records/s"),
        Headline.rate(VIEWS, "warm, lazy view (others: copied)", "records/s"));
  }

  @Override
  public Figures run(LogUnderTest log, Pace pace) throws Exception {
    log.startBroker();
    long records = TOPIC_BYTES / valueBytes;
    fill(log, records);

    Figures figures = new Figures();
    Meter cold = new Meter(log.brokerPids());
    drain(log, records, ReadMode.COPIES, cold);
    figures.put("cold_records_per_second", records / cold.seconds());

    warm(log, records, ReadMode.COPIES, pace.throughputWarmupSeconds());
    Meter copies = new Meter(log.brokerPids());
    long copied = drainFor(log, records, ReadMode.COPIES, pace.throughputSeconds(), copies);
    figures
        .putRate("warm_records_per_second", copied, copies)
        .put(VIEWS, copied / copies.seconds());

    if (log.hasViews()) {
      warm(log, records, ReadMode.VIEWS, pace.throughputWarmupSeconds() / 2);
      Meter views = new Meter(log.brokerPids());
      long viewed = drainFor(log, records, ReadMode.VIEWS, pace.throughputSeconds(), views);
      figures.put(VIEWS, viewed / views.seconds());
    }
    return figures.putBrokers(log.brokerPids());
  }

  private void warm(LogUnderTest log, long records, ReadMode mode, double seconds)
      throws Exception {
    drainFor(log, records, mode, seconds, new Meter(log.brokerPids()));
  }

  private long drainFor(LogUnderTest log, long records, ReadMode mode, double seconds, Meter meter)
      throws Exception {
    long read = 0;
    for (; meter.seconds() < seconds; read += records) {
      drain(log, records, mode, meter);
    }
    return read;
  }

  private void fill(LogUnderTest log, long records) throws Exception {
    log.createTopic(TOPIC, PARTITIONS);
    Acknowledgements acknowledgements = new Acknowledgements();
    try (RecordSender sender = log.sender(TOPIC, acknowledgements)) {
      Produce.send(sender, new Payloads(valueBytes), records);
    }
    acknowledgements.requireExactly(records);
  }

  private void drain(LogUnderTest log, long records, ReadMode mode, Meter meter) throws Exception {
    SequenceCheck check = new SequenceCheck(records, PARTITIONS, valueBytes);
    try (RecordReceiver receiver = log.receiver(TOPIC, mode)) {
      meter.start();
      receiver.read(records, check);
      meter.stop();
    }
    check.requireComplete();
  }
}
