package io.funes.client;

/** A place in a partition. */
public final class StartPosition {
  enum Kind {
    EARLIEST,
    LATEST,
    OFFSET,
    TIMESTAMP
  }

  private static final StartPosition EARLIEST = new StartPosition(Kind.EARLIEST, 0);
  private static final StartPosition LATEST = new StartPosition(Kind.LATEST, 0);

  final Kind kind;
  final long value;

  private StartPosition(Kind kind, long value) {
    this.kind = kind;
    this.value = value;
  }

  /** The first record that is still there. */
  public static StartPosition earliest() {
    return EARLIEST;
  }

  /** Behind the last record that can be read: only what comes from now on. */
  public static StartPosition latest() {
    return LATEST;
  }

  /**
   * This offset, from the log's start to its high watermark.
   *
   * @throws IllegalArgumentException when negative
   */
  public static StartPosition offset(long offset) {
    Check.argument(offset >= 0, "offset", offset, "must not be negative");
    return new StartPosition(Kind.OFFSET, offset);
  }

  /**
   * The first record with a timestamp at or after this one, else the same as {@link #latest}.
   *
   * @param timestampMs milliseconds since 1970-01-01 UTC
   * @throws IllegalArgumentException when negative
   */
  public static StartPosition timestamp(long timestampMs) {
    Check.argument(timestampMs >= 0, "timestampMs", timestampMs, "must not be negative");
    return new StartPosition(Kind.TIMESTAMP, timestampMs);
  }

  @Override
  public String toString() {
    return switch (kind) {
      case EARLIEST -> "earliest";
      case LATEST -> "latest";
      case OFFSET -> "offset " + value;
      case TIMESTAMP -> "timestamp " + value;
    };
  }
}
