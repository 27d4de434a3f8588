package io.funes.bench.workload;

import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.ClusterUnderTest;
import io.funes.bench.system.Payloads;
import io.funes.bench.system.RecordSender;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;

/**
 * A broker is away while 512 MiB are written, and comes back. The time runs from the first byte
 * that it gets to the last.
 */
record CatchUp(String name) implements ClusterWorkload {
  private static final String TOPIC = "missed";
  private static final int AWAY = ClusterUnderTest.BROKERS - 1;
  private static final int VALUE_BYTES = 1024;
  private static final long RECORDS = (512 << 20) / VALUE_BYTES;
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(5);

  @Override
  public String title() {
    return "a replica catches up";
  }

  @Override
  public List<Headline> headlines() {
    return List.of(
        Headline.rate("megabytes_per_second", "", "MB/s"),
        Headline.time(
            "in_sync_seconds", "512 MiB, from the start of the broker until in sync", "s"));
  }

  @Override
  public Figures run(ClusterUnderTest cluster, Pace pace) throws Exception {
    cluster.startBroker();
    cluster.createTopic(TOPIC, Produce.PARTITIONS);
    cluster.broker(AWAY).stop();
    Acknowledgements acknowledgements = new Acknowledgements();
    try (RecordSender sender = cluster.sender(TOPIC, acknowledgements)) {
      Produce.send(sender, new Payloads(VALUE_BYTES), RECORDS);
    }
    acknowledgements.requireExactly(RECORDS);

    long whole = logBytes(cluster.logs(0));
    long before = logBytes(cluster.logs(AWAY));
    long start = System.nanoTime();
    CompletableFuture<Void> started = CompletableFuture.runAsync(() -> start(cluster));
    long first = awaitBytes(cluster.logs(AWAY), before + 1, started);
    long last = awaitBytes(cluster.logs(AWAY), whole, started);
    started.join();
    while (!cluster.allInSync(TOPIC)) {
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return new Figures()
        .put("megabytes_per_second", (whole - before) / 1e6 / ((last - first) / 1e9))
        .put("in_sync_seconds", (System.nanoTime() - start) / 1e9)
        .putBrokers(cluster.brokerPids());
  }

  private static void start(ClusterUnderTest cluster) {
    try {
      cluster.startBroker(AWAY);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Returns the time at which they were seen. */
  private static long awaitBytes(Path logs, long bytes, CompletableFuture<Void> started)
      throws IOException {
    while (logBytes(logs) < bytes) {
      if (started.isCompletedExceptionally()) {
        started.join();
      }
      LockSupport.parkNanos(LOOK_NANOS);
    }
    return System.nanoTime();
  }

  private static long logBytes(Path logs) throws IOException {
    long bytes = 0;
    try (Stream<Path> files = Files.walk(logs)) {
      for (Path file : files.filter(CatchUp::isSegment).toList()) {
        bytes += size(file);
      }
    }
    return bytes;
  }

  private static boolean isSegment(Path file) {
    return file.toString().contains(TOPIC) && file.toString().endsWith(".log");
  }

  private static long size(Path file) throws IOException {
    try {
      return Files.size(file);
    } catch (NoSuchFileException e) {
      return 0;
    }
  }
}
