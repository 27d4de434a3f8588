package io.funes.server.api.produce;

import io.funes.server.common.Ticker;

/**
 * Where keyless records go when the request names no partition. One partition is kept for some
 * milliseconds, so that many small requests meet in few places; a request that may be repeated is
 * sent where its sequence says, so that the repetition finds it.
 */
final class KeylessPartitions {
  private static final int STICKY_MS = 100;

  private final Ticker ticker;

  KeylessPartitions(Ticker ticker) {
    this.ticker = ticker;
  }

  int choose(ProduceFrame frame, int partitionCount) {
    long draw =
        frame.hasProducer
            ? frame.producerId * 31 + frame.sequence
            : ticker.epochMs() / STICKY_MS + frame.topic.hashCode();
    return (int) Math.floorMod(mix(draw), (long) partitionCount);
  }

  /** The finalizer of MurmurHash3: spreads consecutive numbers. */
  private static long mix(long value) {
    long z = value;
    z = (z ^ (z >>> 33)) * 0xff51afd7ed558ccdL;
    z = (z ^ (z >>> 33)) * 0xc4ceb9fe1a85ec53L;
    return z ^ (z >>> 33);
  }
}
