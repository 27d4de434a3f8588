package io.funes.client.internal.produce;

import io.funes.client.Acks;
import io.funes.client.Compression;
import io.funes.client.DeliveryTimeoutException;
import io.funes.client.ErrorReason;
import io.funes.client.Failure;
import io.funes.client.TopicPartition;
import io.funes.client.internal.transport.Ticker;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What a producer was built with. */
public record ProduceSettings(
    Acks acks,
    int batchBytes,
    int lingerMs,
    Compression compression,
    Duration deliveryTimeout,
    Duration maxBlock,
    long bufferBytes,
    Ticker ticker) {
  private static final long RETRY_FIRST_MS = 10;
  private static final long RETRY_LAST_MS = 1_000;

  /**
   * Without acknowledgements a refusal goes unseen, and a gap after it would refuse all the rest:
   * no numbers then.
   */
  ProducerIdentity newIdentity() {
    return acks == Acks.NONE ? ProducerIdentity.NONE : ProducerIdentity.random();
  }

  long deliveryNanos() {
    return TimeUnit.NANOSECONDS.convert(deliveryTimeout);
  }

  /** The wait after so many attempts (at least one), in milliseconds. */
  long retryMs(int attempts) {
    return Math.min(RETRY_FIRST_MS << Math.min(attempts - 1, 10), RETRY_LAST_MS);
  }

  /**
   * The answer did not come.
   *
   * @param cause of the last try; null for none
   */
  DeliveryTimeoutException deliveryTimedOut(TopicPartition partition, Throwable cause) {
    String message = "not acknowledged within " + deliveryTimeout + " for " + partition;
    return new DeliveryTimeoutException(
        new Failure(ErrorReason.DELIVERY_TIMEOUT, message, false, cause));
  }
}
