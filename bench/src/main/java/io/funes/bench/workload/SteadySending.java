package io.funes.bench.workload;

import io.funes.bench.system.ClusterUnderTest;
import io.funes.bench.system.Payloads;
import io.funes.bench.system.RecordSender;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A producer that sends a small record to one partition about every millisecond. */
final class SteadySending {
  private static final int VALUE_BYTES = 100;
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final AckTimes times = new AckTimes();
  private final RecordSender sender;
  private final Thread thread;
  private long sent;
  private volatile boolean over;

  SteadySending(ClusterUnderTest cluster, String topic, int partition) throws Exception {
    sender = cluster.sender(topic, times);
    thread = Thread.ofPlatform().start(() -> send(partition));
  }

  private void send(int partition) {
    Payloads payloads = new Payloads(VALUE_BYTES);
    for (; !over; sent++) {
      sender.send(partition, payloads.value(sent));
      LockSupport.parkNanos(PAUSE_NANOS);
    }
  }

  AckTimes times() {
    return times;
  }

  /** Fails where a record was refused. */
  void end() throws InterruptedException {
    over = true;
    thread.join();
    sender.flush();
    sender.close();
    times.requireExactly(sent);
  }
}
