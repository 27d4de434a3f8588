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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * From the time at which a record should be sent to the time at which the consumer has it, at a
 * fixed rate. A producer that falls behind its schedule makes its records late, it does not send
 * fewer.
 *
 * @param recordsPerSecond the rate
 */
record Latency(String name, int recordsPerSecond) implements BrokerWorkload {
  private static final int PARTITIONS = 6;
  private static final int VALUE_BYTES = 1024;
  private static final long LEAD_NANOS = TimeUnit.SECONDS.toNanos(1);
  private static final String TOPIC = "latency";

  @Override
  public String title() {
    return String.format("end to end, %,d records/s of %d B", recordsPerSecond, VALUE_BYTES);
  }

  @Override
  public Set<String> systems() {
    return Set.of("funes", "kafka");
  }

  @Override
  public List<Headline> headlines() {
    return List.of(
        Headline.time("p99_ms", "p99", "ms"),
        Headline.time("p50_ms", "p50", "ms"),
        Headline.time("p999_ms", "p99.9", "ms"),
        Headline.time("max_ms", "max", "ms"));
  }

  @Override
  public Figures run(LogUnderTest log, Pace pace) throws Exception {
    log.startBroker();
    log.createTopic(TOPIC, PARTITIONS);
    long warmup = (long) pace.latencyWarmupSeconds() * recordsPerSecond;
    long measured = (long) pace.latencySeconds() * recordsPerSecond;
    Acknowledgements acknowledgements = new Acknowledgements();
    Meter meter = new Meter(log.brokerPids());
    try (RecordSender sender = log.sender(TOPIC, acknowledgements);
        RecordReceiver receiver = log.receiver(TOPIC, ReadMode.COPIES)) {
      Schedule schedule = new Schedule(System.nanoTime() + LEAD_NANOS, recordsPerSecond);
      Arrivals arrivals = new Arrivals(schedule, warmup, measured);
      CompletableFuture<Void> received = arrivals.receiveWith(receiver);
      Payloads payloads = new Payloads(VALUE_BYTES);
      schedule.send(sender, payloads, 0, warmup);
      meter.start();
      schedule.send(sender, payloads, warmup, warmup + measured);
      sender.flush();
      received.get(1, TimeUnit.MINUTES);
      meter.stop();
      acknowledgements.requireExactly(warmup + measured);
      return arrivals
          .figures()
          .putRate("records_per_second", measured, meter)
          .putBrokers(log.brokerPids());
    }
  }

  /** When each record should be sent. */
  private record Schedule(long startNanos, int recordsPerSecond) {
    long nanos(long sequence) {
      return startNanos + sequence * TimeUnit.SECONDS.toNanos(1) / recordsPerSecond;
    }

    void send(RecordSender sender, Payloads payloads, long from, long until) {
      for (long i = from; i < until; i++) {
        for (long ahead; (ahead = nanos(i) - System.nanoTime()) > 0; ) {
          LockSupport.parkNanos(ahead);
        }
        sender.send(RecordSender.ANY_PARTITION, payloads.value(i));
      }
    }
  }

  /** The consumer's side; owned by its thread until the future completes. */
  private static final class Arrivals {
    private final Schedule schedule;
    private final long warmup;
    private final long total;
    private final SequenceCheck check;
    private final Histogram nanos = new Histogram(TimeUnit.MINUTES.toNanos(10), 3);

    Arrivals(Schedule schedule, long warmup, long measured) {
      this.schedule = schedule;
      this.warmup = warmup;
      total = warmup + measured;
      check = new SequenceCheck(total, PARTITIONS, VALUE_BYTES);
    }

    CompletableFuture<Void> receiveWith(RecordReceiver receiver) {
      CompletableFuture<Void> done = new CompletableFuture<>();
      Thread.ofPlatform()
          .daemon()
          .name("receiver")
          .start(() -> {
            try {
              receiver.read(total, this::arrived);
              done.complete(null);
            } catch (Exception e) {
              done.completeExceptionally(e);
            }
          });
      return done;
    }

    private void arrived(int partition, long sequence, int valueBytes) {
      long now = System.nanoTime();
      check.record(partition, sequence, valueBytes);
      if (sequence >= warmup) {
        nanos.recordValue(Math.max(0, now - schedule.nanos(sequence)));
      }
    }

    Figures figures() {
      check.requireComplete();
      return new Figures().putLatency(nanos);
    }
  }
}
