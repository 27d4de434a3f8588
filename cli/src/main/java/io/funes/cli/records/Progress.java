package io.funes.cli.records;

import io.funes.server.common.Ticker;
import java.io.PrintStream;

/** A line on the terminal that is written again and again while a file is produced. */
final class Progress {
  private static final long PERIOD_NANOS = 100_000_000;
  private static final int BAR_WIDTH = 30;
  private static final String ERASE_LINE = "\r\u001b[K";

  private final PrintStream err;
  private final Ticker ticker;
  private final long bytesTotal;
  private long nextNanos;
  private boolean shown;

  /**
   * A bar, or a count where the total is not known.
   *
   * @param bytesTotal size of the input, 0 for unknown
   */
  Progress(PrintStream err, Ticker ticker, long bytesTotal) {
    this.err = err;
    this.ticker = ticker;
    this.bytesTotal = bytesTotal;
    this.nextNanos = ticker.nanos() + PERIOD_NANOS;
  }

  void update(long records, long bytes) {
    long now = ticker.nanos();
    if (now - nextNanos < 0) {
      return;
    }
    nextNanos = now + PERIOD_NANOS;
    err.print(ERASE_LINE + line(records, bytes));
    err.flush();
    shown = true;
  }

  void erase() {
    if (shown) {
      err.print(ERASE_LINE);
      err.flush();
    }
  }

  private String line(long records, long bytes) {
    if (bytesTotal <= 0) {
      return "%,d records".formatted(records);
    }
    double share = Math.min(1, (double) bytes / bytesTotal);
    int filled = (int) (share * BAR_WIDTH);
    return "[%s%s] %3.0f %%  %,d records"
        .formatted("=".repeat(filled), " ".repeat(BAR_WIDTH - filled), 100 * share, records);
  }
}
