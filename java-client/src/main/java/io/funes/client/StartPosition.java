package io.funes.client;

import io.funes.proto.v1.Earliest;
import io.funes.proto.v1.Latest;
import io.funes.proto.v1.Start;

/** A place in a partition. */
public final class StartPosition {
  private static final StartPosition EARLIEST =
      new StartPosition(Start.newBuilder().setEarliest(Earliest.getDefaultInstance()));
  private static final StartPosition LATEST =
      new StartPosition(Start.newBuilder().setLatest(Latest.getDefaultInstance()));

  /** As requests name it. */
  final Start start;

  private StartPosition(Start.Builder start) {
    this.start = start.build();
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
    return new StartPosition(Start.newBuilder().setOffset(offset));
  }

  /**
   * The first record with a timestamp at or after this one, else the same as {@link #latest}.
   *
   * @param timestampMs milliseconds since 1970-01-01 UTC
   * @throws IllegalArgumentException when negative
   */
  public static StartPosition timestamp(long timestampMs) {
    Check.argument(timestampMs >= 0, "timestampMs", timestampMs, "must not be negative");
    return new StartPosition(Start.newBuilder().setTimestampMs(timestampMs));
  }

  @Override
  public String toString() {
    return switch (start.getPositionCase()) {
      case EARLIEST -> "earliest";
      case LATEST -> "latest";
      case OFFSET -> "offset " + start.getOffset();
      case TIMESTAMP_MS -> "timestamp " + start.getTimestampMs();
      case POSITION_NOT_SET -> throw new IllegalStateException("a place without a name");
    };
  }
}
