package io.funes.bench.workload;

import io.funes.bench.machine.Meter;
import io.funes.bench.system.CallSender;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.Payloads;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * One RPC for each record of 1 KiB, as a client without batching would send them.
 *
 * @param inFlight calls under way at any time
 */
record UnaryProduce(String name, int inFlight) implements BrokerWorkload {
  private static final int VALUE_BYTES = 1024;
  private static final String TOPIC = "unary";

  @Override
  public String title() {
    return "unary Produce, " + inFlight + " in flight";
  }

  @Override
  public Set<String> systems() {
    return Set.of("funes", "pipe");
  }

  @Override
  public List<Headline> headlines() {
    return List.of(Headline.rate("calls_per_second", "", "calls/s"));
  }

  @Override
  public Figures run(LogUnderTest log, Pace pace) throws Exception {
    log.startBroker();
    log.createTopic(TOPIC, 6);
    try (CallSender sender = log.callSender(TOPIC)) {
      new Calls(sender).during(pace.throughputWarmupSeconds());
      Calls calls = new Calls(sender);
      Meter meter = new Meter(log.brokerPids());
      meter.start();
      long done = calls.during(pace.throughputSeconds());
      meter.stop();
      return new Figures()
          .putRate("calls_per_second", done, meter)
          .putLatency(calls.nanos)
          .putBrokers(log.brokerPids());
    }
  }

  private final class Calls {
    private final CallSender sender;
    private final Payloads payloads = new Payloads(VALUE_BYTES);
    private final Semaphore free = new Semaphore(inFlight);
    private final AtomicReference<Throwable> firstError = new AtomicReference<>();
    private final Histogram nanos = new ConcurrentHistogram(TimeUnit.MINUTES.toNanos(10), 3);

    Calls(CallSender sender) {
      this.sender = sender;
    }

    long during(double seconds) {
      long end = System.nanoTime() + (long) (seconds * 1e9);
      long count = 0;
      for (; System.nanoTime() < end; count++) {
        free.acquireUninterruptibly();
        long begun = System.nanoTime();
        sender.call(payloads.value(count), error -> done(begun, error));
      }
      free.acquireUninterruptibly(inFlight);
      if (firstError.get() != null) {
        throw new IllegalStateException("a call failed", firstError.get());
      }
      return count;
    }

    private void done(long begun, Throwable error) {
      nanos.recordValue(System.nanoTime() - begun);
      if (error != null) {
        firstError.compareAndSet(null, error);
      }
      free.release();
    }
  }
}
