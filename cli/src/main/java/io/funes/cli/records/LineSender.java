package io.funes.cli.records;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.client.FunesException;
import io.funes.client.Producer;
import io.funes.client.ProducerRecord;
import io.funes.server.common.Ticker;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;

/**
 * Sends lines until they end, one fails or the process is told to stop. Whatever ends it, what was
 * sent is flushed and summed up once.
 */
final class LineSender {
  private final String topic;
  private final Producer producer;
  private final Invocation invocation;
  private final Ticker ticker;
  private final boolean showsProgress;
  private final Progress progress;
  private final Delivery delivery = new Delivery();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final long startNanos;
  private volatile long withoutKey;
  private volatile long bytes;
  private volatile boolean stopping;

  /**
   * Begins to measure the time.
   *
   * @param bytesTotal size of the input, 0 for unknown
   */
  LineSender(String topic, Producer producer, Invocation invocation, long bytesTotal) {
    this.topic = topic;
    this.producer = producer;
    this.invocation = invocation;
    this.ticker = Ticker.system();
    this.startNanos = ticker.nanos();
    // Whoever types the records sees their number.
    this.showsProgress =
        invocation.terminal().err() && (bytesTotal > 0 || !invocation.terminal().in());
    this.progress = new Progress(invocation.err(), ticker, bytesTotal);
  }

  /** Sends and waits for the answers. Returns the first failure; null for none. */
  Delivery.Failed send(InputStream in, Function<byte[], ProducerRecord> toRecord, boolean keyed)
      throws IOException {
    boolean whole = false;
    try {
      sendLines(new LineReader(in), toRecord);
      whole = true;
    } finally {
      if (!stopping) {
        producer.flush();
        end(keyed, whole);
      }
    }
    return stopping ? null : delivery.firstFailure();
  }

  private void sendLines(LineReader lines, Function<byte[], ProducerRecord> toRecord)
      throws IOException {
    long keyless = 0;
    byte[] line = lines.next();
    while (line != null && !stopping && delivery.firstFailure() == null) {
      ProducerRecord record = record(line, lines.lines(), toRecord);
      if (record.key() == null) {
        withoutKey = ++keyless;
      }
      send(record, lines.lines());
      bytes = lines.bytes();
      if (showsProgress) {
        progress.update(lines.lines(), lines.bytes());
      }
      line = lines.next();
    }
  }

  private static ProducerRecord record(
      byte[] line, long number, Function<byte[], ProducerRecord> toRecord) {
    try {
      return toRecord.apply(line);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.FAILED, "MALFORMED_LINE", "line %d: %s".formatted(number, e.getMessage()), e);
    }
  }

  /** Sends what is buffered, waits for the answers and ends the run. For another thread. */
  void stop(boolean keyed) {
    stopping = true;
    producer.close();
    end(keyed, true);
  }

  private void send(ProducerRecord record, long line) {
    try {
      producer.send(record, delivery.ofLine(line));
    } catch (FunesException e) {
      if (!stopping) {
        delivery.ofLine(line).onCompletion(null, e);
      }
    }
  }

  /** Sums up what was sent; where nothing was, the failure alone is said. */
  private void end(boolean keyed, boolean whole) {
    if (!ended.compareAndSet(false, true)) {
      return;
    }
    progress.erase();
    double seconds = (ticker.nanos() - startNanos) / 1e9;
    ProduceSummary summary =
        new ProduceSummary(
            topic, delivery.acknowledged(), delivery.failed(), withoutKey, bytes, seconds);
    if (invocation.json()) {
      invocation.out().json(summary.fields());
      invocation.out().flush();
    } else if (summary.acknowledged() > 0 || (whole && summary.failed() == 0)) {
      invocation.err().println(summary.sentence(keyed));
    }
  }
}
