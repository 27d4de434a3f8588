package io.funes.client.internal.produce;

import io.funes.client.Acks;
import io.funes.client.FunesException;
import io.funes.client.ProducerRecord;
import io.funes.client.SendCallback;
import io.funes.client.TopicPartition;
import io.funes.client.internal.record.RecordEncoder;
import io.funes.client.internal.transport.BufferPool;
import io.funes.client.internal.transport.Failures;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One partition's records on their way: the open batch that {@code Producer.send} writes into, and
 * the window of sealed ones. Its own lock guards both and is held for one record or one decision,
 * never while bytes are checksummed, sent or callbacks called.
 */
public final class PartitionQueue {
  /** It stands in the sender's list of those with something to send. */
  final AtomicBoolean listedReady = new AtomicBoolean();

  /** It stands in the sender's list of those with an open batch. */
  final AtomicBoolean listedOpen = new AtomicBoolean();

  private static final int OPENED = 1;
  private static final int DETACHED = 2;
  private static final int NO_MEMORY = 4;
  private static final int SPARE_TAKEN = 8;

  private final Object lock = new Object();
  private final TopicPartition partition;
  private final ProduceTopic topic;
  private final ProduceSettings settings;
  private final BufferPool pool;
  private final ProduceSender sender;
  private final int room;
  private final SendWindow window;
  private final LaneChoice choice;
  private final ArrayDeque<ProduceBatch> unsealed = new ArrayDeque<>();
  private ProduceBatch open;
  private long nextOrdinal;
  private int sizeHint;
  private FunesException refuseWith;

  PartitionQueue(ProduceTopic topic, int number, int slot, ProduceSender sender, ProduceLane lane) {
    this.topic = topic;
    this.partition = new TopicPartition(topic.name(), number);
    this.sender = sender;
    this.settings = sender.settings();
    this.choice = new LaneChoice(lane, settings.acks() != Acks.NONE);
    this.pool = sender.pool();
    byte[] fields = topic.requestFields(number);
    room = ProduceBatch.room(fields);
    window = new SendWindow(slot, fields, settings.newIdentity());
  }

  TopicPartition partition() {
    return partition;
  }

  ProduceLane lane() {
    return choice.lane();
  }

  // What the application's threads do

  /** Encodes the record into the open batch; waits for memory when there is none. */
  public void append(ProducerRecord record, int size, SendCallback callback, long timeoutNanos) {
    int entry = (int) RecordEncoder.entrySize(size);
    byte[] spare = null;
    while (true) {
      int did;
      synchronized (lock) {
        did = tryAppend(record, size, callback, spare);
      }
      if (spare != null && (did & SPARE_TAKEN) == 0) {
        pool.release(spare); // Another thread opened a batch meanwhile.
      }
      if ((did & DETACHED) != 0) {
        sealDetached();
      }
      if ((did & OPENED) != 0) {
        sender.opened(this);
      }
      if ((did & NO_MEMORY) == 0) {
        return;
      }
      spare = sender.awaitMemory(bufferBytes(entry), timeoutNanos);
    }
  }

  private int tryAppend(ProducerRecord record, int size, SendCallback callback, byte[] spare) {
    if (refuseWith != null) {
      if (spare != null) {
        pool.release(spare);
      }
      throw refuseWith;
    }
    int did = 0;
    int entry = (int) RecordEncoder.entrySize(size);
    if (open != null && !open.hasRoom(entry) && !grow(entry)) {
      detach();
      did |= DETACHED;
    }
    if (open == null) {
      byte[] buffer = spare == null ? pool.tryAcquire(bufferBytes(entry)) : spare;
      if (buffer == null) {
        return did | NO_MEMORY;
      }
      did |= OPENED | (spare == null ? 0 : SPARE_TAKEN);
      open = new ProduceBatch(nextOrdinal++, buffer, room, settings.ticker());
    }
    open.append(record, size, callback);
    if (open.buffer.length >= settings.batchBytes() && !open.hasRoom(entry)) {
      detach();
      did |= DETACHED;
    }
    return did;
  }

  /** An array for a new batch: as large as the last batch was, since the next is likely to be. */
  private int bufferBytes(int entry) {
    return Math.max(room + entry, Math.min(sizeHint, settings.batchBytes()));
  }

  private boolean grow(int entry) {
    int wanted = open.buffer.length + entry;
    if (wanted > settings.batchBytes()) {
      return false;
    }
    byte[] larger = pool.tryAcquire(wanted);
    if (larger == null) {
      return false;
    }
    pool.release(open.moveTo(larger));
    return true;
  }

  private void detach() {
    sizeHint = open.buffer.length;
    unsealed.add(open);
    window.add(open);
    open = null;
    topic.moveOn(partition.partition());
  }

  private void sealDetached() {
    FunesException failed;
    while (true) {
      ProduceBatch batch;
      synchronized (lock) {
        batch = unsealed.poll();
        failed = refuseWith;
      }
      if (batch == null) {
        break;
      }
      byte[] plain = batch.compress(settings.compression());
      if (plain != null) {
        pool.adopt(batch.buffer);
        pool.release(plain);
      }
      window.seal(batch);
    }
    if (failed != null) {
      fail(failed, true); // The first time it could not take what was not sealed yet.
    }
    sender.ready(this);
  }

  // What the sender does

  /** Seals the open batch, if there is one, whatever else is under way. */
  void sealOpen() {
    synchronized (lock) {
      if (open == null) {
        return;
      }
      detach();
    }
    sealDetached();
  }

  /** Seals the open batch if nothing of this partition is under way or waiting. */
  void sealOpenIfIdle() {
    synchronized (lock) {
      if (open == null || !window.isEmpty()) {
        return;
      }
      detach();
    }
    sealDetached();
  }

  /** Will go by this lane from now on; true if that is another one. */
  boolean wish(ProduceLane next, int leaderEpoch) {
    synchronized (lock) {
      return choice.wish(next, leaderEpoch);
    }
  }

  /**
   * Moves to the lane it wishes for; what has no answer yet goes again, in order and under the same
   * numbers, so what the leader has is not written twice. False while it has to wait.
   */
  boolean tryMove() {
    synchronized (lock) {
      int before = window.inFlight();
      if (choice.isSettled() || !choice.mayMove(before)) {
        return choice.isSettled();
      }
      window.connectionLost();
      window.waitNoLonger();
      lane().busyChanged(before, 0);
      choice.move();
      listedReady.set(true);
      lane().addReady(this);
      if (settings.lingerMs() == 0) {
        listedOpen.set(true);
        lane().addOpen(this);
      }
    }
    return true;
  }

  /** The batch to send now; null for none. */
  ProduceBatch next(long nowNanos) {
    synchronized (lock) {
      if (!choice.isSettled()) {
        return null;
      }
      int before = window.inFlight();
      ProduceBatch batch = window.next(nowNanos);
      if (batch != null) {
        batch.leaderEpoch(choice.leaderEpoch());
      }
      lane().busyChanged(before, window.inFlight());
      return batch;
    }
  }

  void written(ProduceLane by, long correlationId, long baseOffset) {
    ProduceBatch batch;
    synchronized (lock) {
      batch = answered(by, correlationId);
    }
    if (batch != null) {
      complete(batch, baseOffset, null);
      goOn();
    }
  }

  void refused(ProduceLane by, long correlationId, FunesException error) {
    ProduceBatch batch;
    SendWindow.Verdict verdict;
    synchronized (lock) {
      batch = answered(by, correlationId);
      if (batch == null) {
        return;
      }
      long waitMs = Math.max(settings.retryMs(batch.attemptsThisWay), Failures.retryDelayMs(error));
      long againNanos = settings.ticker().nanos() + waitMs * 1_000_000;
      verdict = window.refused(batch, error, againNanos);
      sender.wake(this, waitMs); // Last, or it could come before that time, and nothing after it.
    }
    switch (verdict) {
      case WRITTEN -> complete(batch, -1, null);
      case FAILED -> complete(batch, -1, error);
      case LOOK_UP -> topic.lookUpAgain();
      case DOUBTED -> sender.askWhoLeads(topic.name(), this::believe);
      case AGAIN -> sender.goesAgain(error);
    }
    goOn();
  }

  /** The batch; null when it was given up before, or went by another lane since. */
  private ProduceBatch answered(ProduceLane by, long correlationId) {
    if (by != lane()) {
      return null;
    }
    int before = window.inFlight();
    ProduceBatch batch = window.answered(correlationId);
    lane().busyChanged(before, window.inFlight());
    return batch;
  }

  /** Who leads has been asked: whoever is said to is heard. */
  private void believe() {
    synchronized (lock) {
      window.unpause();
    }
    goOn();
  }

  /** Something has become possible. */
  private void goOn() {
    boolean queued;
    boolean idle;
    synchronized (lock) {
      queued = window.hasQueued();
      idle = open != null && window.isEmpty();
    }
    if (queued) {
      sender.ready(this);
    } else if (idle) {
      sender.idle(this);
    }
  }

  void connectionLost() {
    synchronized (lock) {
      int before = window.inFlight();
      window.connectionLost();
      lane().busyChanged(before, 0);
    }
    goOn();
  }

  /** After a look-up that found this partition, in this topic or its successor. */
  void resume() {
    synchronized (lock) {
      window.resume(topic.requestFields(partition.partition()));
    }
    goOn();
  }

  /** Gives up what was opened at or before this time. */
  void expire(long openedNanos) {
    Collection<ProduceBatch> expired;
    synchronized (lock) {
      int before = window.inFlight();
      expired = window.expire(openedNanos);
      lane().busyChanged(before, window.inFlight());
      if (window.isEmpty() && open != null && open.openedNanos - openedNanos <= 0) {
        expired.add(open);
        open = null;
      }
    }
    if (!expired.isEmpty()) {
      expired.forEach(batch -> complete(batch, -1, settings.deliveryTimedOut(partition, null)));
      goOn();
    }
  }

  /** Fails everything, and for good later appends too. */
  void fail(FunesException error, boolean forGood) {
    List<ProduceBatch> failed;
    synchronized (lock) {
      int before = window.inFlight();
      failed = window.takeSealed();
      lane().busyChanged(before, window.inFlight());
      if (open != null) {
        failed.add(open);
        open = null;
      }
      refuseWith = forGood ? error : null;
    }
    failed.forEach(batch -> complete(batch, -1, error));
  }

  private void complete(ProduceBatch batch, long baseOffset, FunesException error) {
    pool.release(batch.buffer);
    batch.complete(partition, baseOffset, error);
    CompletableFuture<Void> done;
    synchronized (lock) {
      done = batch.done();
    }
    done.complete(null);
  }

  /** One future for each batch that is not done yet. */
  public List<CompletableFuture<Void>> pending() {
    List<CompletableFuture<Void>> pending = new ArrayList<>();
    synchronized (lock) {
      window.all().forEach(batch -> pending.add(batch.done()));
      if (open != null) {
        pending.add(open.done());
      }
    }
    return pending;
  }

  long oldestSentNanos(long nowNanos) {
    synchronized (lock) {
      return window.oldestSentNanos(nowNanos);
    }
  }

  /** Age of the open batch, 0 for none. */
  long openNanos(long nowNanos) {
    synchronized (lock) {
      return open == null ? 0 : nowNanos - open.openedNanos;
    }
  }
}
