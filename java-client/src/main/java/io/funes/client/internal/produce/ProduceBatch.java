package io.funes.client.internal.produce;

import io.funes.client.Compression;
import io.funes.client.FunesException;
import io.funes.client.ProducerRecord;
import io.funes.client.RecordPosition;
import io.funes.client.RecordRefusedException;
import io.funes.client.SendCallback;
import io.funes.client.TopicPartition;
import io.funes.client.internal.record.BatchFormat;
import io.funes.client.internal.record.Bytes;
import io.funes.client.internal.record.Codec;
import io.funes.client.internal.record.Codecs;
import io.funes.client.internal.record.RecordEncoder;
import io.funes.client.internal.record.Varint;
import io.funes.client.internal.transport.Ticker;
import java.io.IOException;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records of one partition on their way, encoded where they will be sent from. The array holds room
 * for everything that comes before the records, so that {@link #seal} can put the whole message
 * into one range:
 *
 * <pre>correlation id | request: fields of the partition | batch: header | records
 * </pre>
 *
 * <p>Guarded by its {@link PartitionQueue} while it is open; sealed by one thread; afterwards only
 * the queue's methods change it.
 */
final class ProduceBatch {
  private static final Logger log = LoggerFactory.getLogger(ProduceBatch.class);
  private static final SendCallback[] NO_CALLBACKS = {};

  private static final byte CORRELATION_ID = 2 << 3;
  private static final byte REQUEST = 1 << 3 | 2;
  private static final byte BATCH = 2 << 3 | 2;

  /** Number within the partition, never changed: the order in which batches are written. */
  final long ordinal;

  final long openedNanos;
  byte[] buffer;

  /** First record's number in the producer's stream; changes when the identity does. */
  int sequence;

  long correlationId;
  long sentNanos;
  int attempts;

  /** Since the way to the leader last changed: the wait before the next one grows with them. */
  int attemptsThisWay;

  /** Whether a copy without a definite answer is or was under way. */
  boolean maybeWritten;

  /** Whether a broker has missed the batches before it already. */
  boolean gapHeard;

  /** Set by the thread that seals, seen by the one that sends. */
  volatile boolean sealed;

  private final int bodyStart;
  private final long openedMs;
  private int bodyEnd;
  private int recordCount;
  private int attributes;
  private boolean stamped;
  private long maxTimestampMs;
  private int messageStart;
  private int fieldsEnd;
  private SendCallback commonCallback;
  private SendCallback[] callbacks = NO_CALLBACKS;
  private CompletableFuture<Void> done;

  ProduceBatch(long ordinal, byte[] buffer, int room, Ticker ticker) {
    this.ordinal = ordinal;
    this.buffer = buffer;
    bodyStart = room;
    bodyEnd = room;
    openedNanos = ticker.nanos();
    openedMs = ticker.epochMs();
  }

  int recordCount() {
    return recordCount;
  }

  boolean hasRoom(int bytes) {
    return buffer.length - bodyEnd >= bytes;
  }

  /**
   * Room for everything that is not a record, given those fields of the request that never change.
   */
  static int room(byte[] requestFields) {
    int varying = 4 * (1 + Varint.size(-1L));
    return varying + requestFields.length + BatchFormat.HEADER_BYTES + 1;
  }

  @SuppressWarnings("ReferenceEquality")
  void append(ProducerRecord record, int size, SendCallback callback) {
    bodyEnd = RecordEncoder.write(buffer, bodyEnd, record, size);
    if (record.timestampMs() >= 0) {
      maxTimestampMs = Math.max(maxTimestampMs, record.timestampMs());
    } else {
      stamped = true;
    }
    if (recordCount == 0) {
      commonCallback = callback;
    } else if (callback != commonCallback || callbacks.length > 0) {
      keep(callback);
    }
    recordCount++;
  }

  private void keep(SendCallback callback) {
    if (recordCount >= callbacks.length) {
      int before = callbacks.length;
      callbacks = Arrays.copyOf(callbacks, Math.max(16, 2 * recordCount));
      if (before == 0) {
        Arrays.fill(callbacks, 0, recordCount, commonCallback);
      }
    }
    callbacks[recordCount] = callback;
  }

  /** Moves to a larger array and gives back the old one. */
  byte[] moveTo(byte[] larger) {
    byte[] old = buffer;
    System.arraycopy(old, bodyStart, larger, bodyStart, bodyEnd - bodyStart);
    buffer = larger;
    return old;
  }

  /** Compresses the records if that makes them smaller, and gives back the old array, else null. */
  byte[] compress(Compression compression) {
    if (compression == Compression.NONE) {
      return null;
    }
    Codec codec = Codecs.require(compression);
    int length = bodyEnd - bodyStart;
    byte[] target = new byte[bodyStart + codec.compressedBytesMax(length)];
    try {
      int compressed = codec.compress(buffer, bodyStart, length, target, bodyStart);
      if (compressed >= length) {
        return null;
      }
      attributes = Codecs.id(compression);
      byte[] old = buffer;
      buffer = target;
      bodyEnd = bodyStart + compressed;
      return old;
    } catch (IOException e) {
      log.warn("A batch goes uncompressed, since {} failed", compression, e);
      return null;
    }
  }

  /** Writes all that stands before the records. Done again when the identity changes. */
  void seal(byte[] requestFields, ProducerIdentity identity, long correlationId) {
    this.correlationId = correlationId;
    int bodyLength = bodyEnd - bodyStart;
    int at = bodyStart - Varint.size(bodyLength);
    Varint.write(buffer, at, bodyLength);
    buffer[--at] = attributes == 0 ? BatchFormat.RECORDS_TAG : BatchFormat.COMPRESSED_TAG;
    at -= BatchFormat.HEADER_BYTES;
    long maxMs = stamped ? Math.max(openedMs, maxTimestampMs) : maxTimestampMs;
    BatchFormat.writeHeader(
        buffer,
        at,
        bodyEnd,
        new BatchFormat.Header(
            attributes,
            recordCount,
            openedMs,
            maxMs,
            identity.producerId(),
            identity.epoch(),
            identity.exists() ? sequence : 0));
    at = lengthPrefix(at, BATCH);
    at -= requestFields.length;
    System.arraycopy(requestFields, 0, buffer, at, requestFields.length);
    fieldsEnd = at + requestFields.length;
    at = lengthPrefix(at, REQUEST);
    at -= Varint.size(correlationId);
    Varint.write(buffer, at, correlationId);
    buffer[--at] = CORRELATION_ID;
    messageStart = at;
    sealed = true;
  }

  /** Puts tag and length in front of the range from here to the end. */
  private int lengthPrefix(int from, byte tag) {
    int length = bodyEnd - from;
    int at = from - Varint.size(length);
    Varint.write(buffer, at, length);
    buffer[--at] = tag;
    return at;
  }

  /** Says what the sender knows of the leader, in the last of the request's fields. */
  void leaderEpoch(int leaderEpoch) {
    Bytes.INT_LE.set(buffer, fieldsEnd - Integer.BYTES, leaderEpoch);
  }

  BatchMessage message() {
    return new BatchMessage(buffer, messageStart, bodyEnd - messageStart);
  }

  /** Completed when the callbacks have been called. Guarded by the queue. */
  CompletableFuture<Void> done() {
    if (done == null) {
      done = new CompletableFuture<>();
    }
    return done;
  }

  /**
   * Tells the callbacks; exactly one of position and error is given. Called once, with no lock
   * held.
   */
  void complete(TopicPartition partition, long baseOffset, FunesException error) {
    if (commonCallback != null || callbacks.length > 0) {
      for (int i = 0; i < recordCount; i++) {
        SendCallback callback = callbacks.length > 0 ? callbacks[i] : commonCallback;
        if (callback != null) {
          tell(callback, partition, baseOffset < 0 ? -1 : baseOffset + i, of(i, error));
        }
      }
    }
    callbacks = NO_CALLBACKS;
    commonCallback = null;
  }

  private static FunesException of(int index, FunesException error) {
    return error instanceof RecordRefusedException refused ? refused.of(index) : error;
  }

  private static void tell(
      SendCallback callback, TopicPartition partition, long offset, FunesException error) {
    try {
      callback.onCompletion(error == null ? new RecordPosition(partition, offset) : null, error);
    } catch (RuntimeException | Error e) {
      log.warn("A send callback failed for {} offset {}", partition, offset, e);
    }
  }
}
