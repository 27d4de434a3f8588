package io.funes.client.internal.transport;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Byte arrays of four sizes (a 64th, a 16th, a quarter of the largest, and that) that are used
 * again, last one first so that they are still in the processor's cache; larger ones are made when
 * asked for. Together they never exceed the budget. Safe for use by several threads.
 */
public final class BufferPool {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition room = lock.newCondition();
  private final List<ArrayDeque<byte[]>> free = new ArrayList<>();
  private final int[] sizes;
  private long unusedBytes;
  private int waiting;

  public BufferPool(int largestBytes, long budgetBytes) {
    sizes = new int[] {largestBytes >> 6, largestBytes >> 4, largestBytes >> 2, largestBytes};
    unusedBytes = budgetBytes;
    for (int i = 0; i < sizes.length; i++) {
      free.add(new ArrayDeque<>());
    }
  }

  /** An array of at least this size, or null when there is no room for it. */
  public byte[] tryAcquire(int bytes) {
    lock.lock();
    try {
      return take(bytes);
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #tryAcquire}, but waits; null when the time is over. */
  public byte[] acquire(int bytes, long timeoutNanos) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      waiting++;
      long left = timeoutNanos;
      byte[] taken = take(bytes);
      while (taken == null && left > 0) {
        left = room.awaitNanos(left);
        taken = take(bytes);
      }
      return taken;
    } finally {
      waiting--;
      lock.unlock();
    }
  }

  public void release(byte[] buffer) {
    lock.lock();
    try {
      int size = sizeOf(buffer.length);
      if (size < sizes.length && sizes[size] == buffer.length) {
        free.get(size).push(buffer);
      } else {
        unusedBytes += buffer.length;
      }
      if (waiting > 0) {
        room.signalAll();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Counts an array that was made elsewhere and that {@link #release} will get; may overdraw the
   * budget.
   */
  public void adopt(byte[] buffer) {
    lock.lock();
    try {
      unusedBytes -= buffer.length;
    } finally {
      lock.unlock();
    }
  }

  private byte[] take(int bytes) {
    int size = sizeOf(bytes);
    if (size < sizes.length && !free.get(size).isEmpty()) {
      return free.get(size).pop();
    }
    int length = size < sizes.length ? sizes[size] : bytes;
    dropOthers(length);
    if (unusedBytes < length) {
      return null;
    }
    unusedBytes -= length;
    return new byte[length];
  }

  /** Gives up free arrays of other sizes until this one has room. */
  private void dropOthers(int length) {
    for (ArrayDeque<byte[]> others : free) {
      while (unusedBytes < length && !others.isEmpty()) {
        unusedBytes += others.pop().length;
      }
    }
  }

  private int sizeOf(int bytes) {
    int size = 0;
    while (size < sizes.length && sizes[size] < bytes) {
      size++;
    }
    return size;
  }
}
