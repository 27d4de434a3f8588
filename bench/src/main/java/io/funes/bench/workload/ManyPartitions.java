package io.funes.bench.workload;

import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.Payloads;
import io.funes.bench.system.RecordSender;
import java.util.List;
import java.util.Set;

/**
 * Makes a topic, produces a record to each partition, restarts the broker in its orderly way, and
 * produces a record to each again.
 *
 * @param partitions how many
 */
record ManyPartitions(String name, int partitions) implements BrokerWorkload {
  private static final int VALUE_BYTES = 1024;
  private static final String TOPIC = "many";

  /** One step, to be timed. */
  private interface Step {
    void run() throws Exception;
  }

  @Override
  public String title() {
    return String.format("%,d partitions", partitions);
  }

  @Override
  public Set<String> systems() {
    return Set.of("funes", "kafka");
  }

  @Override
  public List<Headline> headlines() {
    return List.of(
        Headline.time("total_seconds", "all steps", "s"),
        Headline.time("create_seconds", "create", "s"),
        Headline.time("first_records_seconds", "a record to each", "s"),
        Headline.time("restart_seconds", "restart, and a record to each", "s"));
  }

  @Override
  public Figures run(LogUnderTest log, Pace pace) throws Exception {
    log.startBroker();
    log.createTopic("warm-up", 1);
    double create = seconds(() -> log.createTopic(TOPIC, partitions));
    double first = seconds(() -> produceToEach(log));
    double stop = seconds(log::stopBroker);
    double start = seconds(log::startBroker);
    double again = seconds(() -> produceToEach(log));
    return new Figures()
        .put("total_seconds", create + first + stop + start + again)
        .put("create_seconds", create)
        .put("first_records_seconds", first)
        .put("restart_seconds", stop + start + again)
        .put("stop_seconds", stop)
        .put("start_seconds", start)
        .putBrokers(log.brokerPids());
  }

  private void produceToEach(LogUnderTest log) throws Exception {
    Acknowledgements acknowledgements = new Acknowledgements();
    Payloads payloads = new Payloads(VALUE_BYTES);
    try (RecordSender sender = log.sender(TOPIC, acknowledgements)) {
      for (int partition = 0; partition < partitions; partition++) {
        sender.send(partition, payloads.value(partition));
      }
      sender.flush();
    }
    acknowledgements.requireExactly(partitions);
  }

  private static double seconds(Step step) throws Exception {
    long start = System.nanoTime();
    step.run();
    return (System.nanoTime() - start) / 1e9;
  }
}
