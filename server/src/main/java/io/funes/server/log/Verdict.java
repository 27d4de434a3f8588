package io.funes.server.log;

/** What a producer's numbers say about a batch that has arrived. */
public sealed interface Verdict {
  /** The next batch of its producer, or the first one that is known. */
  record Fresh() implements Verdict {
    static final Fresh VERDICT = new Fresh();
  }

  /** A retry: the batch stands at these offsets already. */
  record Duplicate(long baseOffset, long lastOffset, long appendTimeMs) implements Verdict {}

  /** A batch before this one is missing. */
  record Gap(int expectedSequence) implements Verdict {}

  /** A newer instance of the producer has written. */
  record StaleEpoch(int currentEpoch) implements Verdict {}
}
