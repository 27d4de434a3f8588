package io.funes.server.common;

/** The only source of time. Tests and the simulation move it by hand. */
public interface Ticker {
  /** Nanoseconds from an arbitrary origin; compare by subtraction. */
  long nanos();

  /** Milliseconds since 1970-01-01 UTC. */
  long epochMs();

  /** The machine's clocks. */
  static Ticker system() {
    return SystemTicker.INSTANCE;
  }
}
