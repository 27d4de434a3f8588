package io.funes.server.routing;

/** What bounds a read, whoever answers it. */
public final class ReadLimits {
  /** One call reads at most so many. */
  public static final int PARTITIONS_MAX = 10_000;

  /** Of an answer to a {@code Fetch} that names no other. */
  public static final int BYTES_DEFAULT = 1 << 20;

  private ReadLimits() {}
}
