package io.funes.client.internal.transport;

/** The clocks. */
public interface Ticker {
  Ticker SYSTEM =
      new Ticker() {
        @Override
        public long nanos() {
          return System.nanoTime();
        }

        @Override
        public long epochMs() {
          return System.currentTimeMillis();
        }
      };

  /** Only differences mean something. */
  long nanos();

  /** Milliseconds since 1970-01-01 UTC. */
  long epochMs();
}
