package io.funes.client.internal.produce;

import io.funes.client.CallTimeoutException;
import io.funes.client.FunesException;
import io.funes.client.ProducerFencedException;
import io.funes.client.SequenceGapException;
import io.funes.client.UnknownTopicException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;

/**
 * The sealed batches of one partition: which may be sent next, under which number, and what an
 * answer means for the others. No I/O, no clock. Guarded by its {@link PartitionQueue}.
 *
 * <p>Batches are sent in the order of their ordinals, at most five unanswered. After a refusal
 * nothing new is sent until all answers are in, then the refused ones go again in order. When a
 * batch is lost (refused for good, or out of time) the later ones would leave a gap in the
 * sequence. So copies that may have been written already are first sent under the old numbers until
 * each has a definite answer, and then the rest is numbered anew under the next epoch.
 */
final class SendWindow {
  static final int IN_FLIGHT_MAX = 5;

  private static final int SEQUENCE_MASK = 0x7FFF_FFFF;
  private static final int CORRELATION_BITS = 16;
  private static final long CORRELATION_MASK = (1 << CORRELATION_BITS) - 1;

  /** What an answer did. */
  enum Verdict {
    /** The batch is lost. */
    FAILED,
    /** The batch was written long ago. */
    WRITTEN,
    /** It will be sent again. */
    AGAIN,
    /**
     * It will be sent again, but first the topic must be looked up and {@link SendWindow#resume}
     * called.
     */
    LOOK_UP,
    /**
     * It will be sent again, but first somebody must ask who leads, and call {@link
     * SendWindow#unpause}: a broker that does not lead any more knows less than it thinks.
     */
    DOUBTED,
  }

  private final ArrayDeque<ProduceBatch> queue = new ArrayDeque<>();
  private final ArrayDeque<ProduceBatch> inFlight = new ArrayDeque<>();
  private final long slotBits;
  private volatile byte[] requestFields;
  private volatile ProducerIdentity identity;
  private int nextSequence;
  private boolean collecting;
  private boolean lost;
  private boolean paused;
  private boolean waiting;
  private long waitUntilNanos;

  SendWindow(int slot, byte[] requestFields, ProducerIdentity identity) {
    this.slotBits = (long) slot << CORRELATION_BITS;
    this.requestFields = requestFields;
    this.identity = identity;
  }

  /** The slot that a correlation id names. */
  static int slot(long correlationId) {
    return (int) (correlationId >>> CORRELATION_BITS);
  }

  int inFlight() {
    return inFlight.size();
  }

  boolean isEmpty() {
    return queue.isEmpty() && inFlight.isEmpty();
  }

  boolean hasQueued() {
    return !queue.isEmpty();
  }

  void add(ProduceBatch batch) {
    batch.sequence = nextSequence;
    nextSequence = nextSequence + batch.recordCount() & SEQUENCE_MASK;
    queue.add(batch);
  }

  /**
   * Writes the batch's envelope. Outside the lock for a new batch: its numbers do not change before
   * it is sealed.
   */
  void seal(ProduceBatch batch) {
    long correlationId = slotBits | (batch.ordinal & CORRELATION_MASK);
    batch.seal(requestFields, identity, correlationId);
  }

  /** The batch to send now, from then on under way; null for none. */
  ProduceBatch next(long nowNanos) {
    if (paused || inFlight.size() >= IN_FLIGHT_MAX || (waiting && nowNanos - waitUntilNanos < 0)) {
      return null;
    }
    ProduceBatch batch = queue.peek();
    if (batch == null || !batch.sealed || (collecting && !inFlight.isEmpty())) {
      return null;
    }
    if (lost && !batch.maybeWritten) {
      if (!inFlight.isEmpty() || !queue.stream().allMatch(queued -> queued.sealed)) {
        return null;
      }
      renumber();
    }
    collecting = false;
    waiting = false;
    queue.poll();
    inFlight.add(batch);
    batch.maybeWritten = true;
    batch.attempts++;
    batch.attemptsThisWay++;
    batch.sentNanos = nowNanos;
    return batch;
  }

  private void renumber() {
    identity = identity.next();
    nextSequence = 0;
    for (ProduceBatch batch : queue) {
      batch.sequence = nextSequence;
      batch.maybeWritten = false;
      batch.gapHeard = false;
      nextSequence = nextSequence + batch.recordCount() & SEQUENCE_MASK;
      seal(batch);
    }
    lost = false;
  }

  /** The answered batch, no longer under way; null when it was given up before. */
  ProduceBatch answered(long correlationId) {
    for (Iterator<ProduceBatch> i = inFlight.iterator(); i.hasNext(); ) {
      ProduceBatch batch = i.next();
      if (batch.correlationId == correlationId) {
        i.remove();
        return batch;
      }
    }
    return null;
  }

  /** What a refusal of an answered batch means. */
  Verdict refused(ProduceBatch batch, FunesException error, long againNanos) {
    if (error instanceof SequenceGapException gap && identity.exists()) {
      return gap(batch, gap);
    }
    if (error instanceof ProducerFencedException && identity.exists()) {
      batch.maybeWritten = false;
      lost = true;
      return again(batch, againNanos);
    }
    if (error instanceof UnknownTopicException) {
      paused = true;
      again(batch, againNanos);
      return Verdict.LOOK_UP;
    }
    if (error.isRetriable() || error instanceof CallTimeoutException) {
      return again(batch, againNanos);
    }
    lost = true;
    return Verdict.FAILED;
  }

  private Verdict again(ProduceBatch batch, long againNanos) {
    waiting = true;
    waitUntilNanos = againNanos;
    putBack(batch);
    return Verdict.AGAIN;
  }

  private Verdict gap(ProduceBatch batch, SequenceGapException gap) {
    int behind = gap.expectedSequence() - batch.sequence & SEQUENCE_MASK;
    // Written so long ago that the broker no longer knows where.
    boolean written = batch.attempts > 1 && behind > 0 && behind <= SEQUENCE_MASK / 2;
    boolean predecessorWaits = hasQueued() && queue.peek().ordinal < batch.ordinal;
    if (!batch.gapHeard && (written || !predecessorWaits)) {
      batch.gapHeard = true;
      paused = true;
      putBack(batch);
      return Verdict.DOUBTED;
    }
    if (written) {
      return Verdict.WRITTEN;
    }
    batch.maybeWritten = false;
    lost |= !predecessorWaits;
    putBack(batch);
    return Verdict.AGAIN;
  }

  private void putBack(ProduceBatch batch) {
    collecting = true;
    ArrayDeque<ProduceBatch> before = new ArrayDeque<>();
    while (!queue.isEmpty() && queue.peek().ordinal < batch.ordinal) {
      before.push(queue.poll());
    }
    queue.push(batch);
    before.forEach(queue::push);
  }

  /** No more answers will come for what is under way. */
  void connectionLost() {
    while (!inFlight.isEmpty()) {
      putBack(inFlight.pollLast());
    }
  }

  /** What waits may go at once: to another broker than the one that refused it. */
  void waitNoLonger() {
    waiting = false;
    queue.forEach(batch -> batch.attemptsThisWay = 0);
  }

  void unpause() {
    paused = false;
  }

  /** Goes on after a look-up; with other fields when the topic is another one now. */
  void resume(byte[] fields) {
    paused = false;
    if (!Arrays.equals(fields, requestFields)) {
      requestFields = fields;
      lost = true;
      queue.forEach(batch -> batch.maybeWritten = false);
    }
  }

  /** Takes out what was opened at or before this time. */
  List<ProduceBatch> expire(long openedNanos) {
    List<ProduceBatch> expired = new ArrayList<>();
    ProduceBatch first = first();
    while (first != null && first.sealed && first.openedNanos - openedNanos <= 0) {
      expired.add(remove(first));
      first = first();
    }
    return expired;
  }

  /** Takes out everything up to a batch that a thread is still sealing. */
  List<ProduceBatch> takeSealed() {
    List<ProduceBatch> taken = new ArrayList<>();
    for (ProduceBatch first = first(); first != null && first.sealed; first = first()) {
      taken.add(remove(first));
    }
    return taken;
  }

  private ProduceBatch remove(ProduceBatch batch) {
    if (!inFlight.remove(batch)) {
      queue.remove(batch);
    }
    lost = true;
    return batch;
  }

  private ProduceBatch first() {
    ProduceBatch sent = inFlight.peek();
    ProduceBatch queued = queue.peek();
    if (sent == null || queued == null) {
      return sent == null ? queued : sent;
    }
    return sent.ordinal < queued.ordinal ? sent : queued;
  }

  /** All batches, in order. */
  List<ProduceBatch> all() {
    List<ProduceBatch> all = new ArrayList<>(inFlight);
    all.addAll(queue);
    return all;
  }

  /** When the batch that has waited longest for its answer was sent; now for none. */
  long oldestSentNanos(long nowNanos) {
    ProduceBatch oldest = inFlight.peek();
    return oldest == null ? nowNanos : oldest.sentNanos;
  }
}
