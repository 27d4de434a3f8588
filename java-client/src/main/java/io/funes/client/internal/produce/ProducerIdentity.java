package io.funes.client.internal.produce;

import java.util.concurrent.ThreadLocalRandom;

/**
 * Whose records these are, for deduplication.
 *
 * @param producerId 0 for nobody's
 * @param epoch raised when the numbering begins anew
 */
record ProducerIdentity(long producerId, int epoch) {
  static final ProducerIdentity NONE = new ProducerIdentity(0, 0);

  private static final int EPOCH_MAX = 30_000;

  static ProducerIdentity random() {
    return new ProducerIdentity(ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE), 0);
  }

  boolean exists() {
    return producerId != 0;
  }

  /** The same producer, with sequences from 0; the broker refuses what comes late from before. */
  ProducerIdentity next() {
    if (!exists()) {
      return this;
    }
    return epoch < EPOCH_MAX ? new ProducerIdentity(producerId, epoch + 1) : random();
  }
}
