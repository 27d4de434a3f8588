package io.funes.client.internal.consume;

import io.funes.client.CallTimeoutException;
import io.funes.client.ErrorReason;
import io.funes.client.FunesException;
import io.funes.client.LimitReachedException;
import io.funes.client.UnavailableException;
import io.funes.client.internal.record.Codecs;
import io.funes.client.internal.transport.Backoff;
import io.funes.client.internal.transport.BufferPool;
import io.funes.client.internal.transport.Connection;
import io.funes.proto.v1.Codec;
import io.funes.proto.v1.Credits;
import io.funes.proto.v1.ReadRequest;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one {@code Read} stream for all assigned partitions alive and queues its frames. A change
 * of place ends the stream; the next one begins at the new places, and frames of an old stream are
 * dropped by its identity. Everything is guarded by one lock, taken once per frame.
 */
public final class Reader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Reader.class);
  private static final int FRAME_BYTES = 256 << 10;
  private static final int ENVELOPE_BYTES = 8 << 10;

  /** Records are bounded by their bytes. */
  private static final long ENDLESS_RECORDS = Long.MAX_VALUE / 4;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Frame> frames = new ArrayDeque<>();
  private final BufferPool pool = new BufferPool(FRAME_BYTES + ENVELOPE_BYTES, Long.MAX_VALUE / 2);
  private final Backoff reconnect = new Backoff();
  private final ReadSettings settings;
  private final Connection connection;
  private final Assignment assignment;
  private ReadStream stream;
  private FunesException failure;
  private boolean started;
  private boolean woken;
  private boolean closed;
  private long heardNanos;
  private long bufferedBytes;
  private long owedBytes;

  public Reader(Assignment assignment, ReadSettings settings, Connection connection) {
    this.assignment = assignment;
    this.settings = settings;
    this.connection = connection;
    scheduleWatch();
  }

  /** Ends the stream and drops what it brought; {@link #start} begins a new one. */
  public void stop() {
    lock.lock();
    try {
      checkOpen();
      drop();
    } finally {
      lock.unlock();
    }
  }

  private void drop() {
    started = false;
    failure = null;
    end("the places changed");
    while (!frames.isEmpty()) {
      free(frames.poll());
    }
    assignment.forgetReceived();
  }

  boolean isStarted() {
    lock.lock();
    try {
      return started;
    } finally {
      lock.unlock();
    }
  }

  /** Starts the stream if it is not. All places must be offsets or the earliest by now. */
  void start() {
    lock.lock();
    try {
      checkOpen();
      if (!started && !assignment.isEmpty()) {
        started = true;
        connect();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * The next frame; null when the time is over or after a wake-up.
   *
   * @throws FunesException what ended the stream, once all its frames are taken; the next call
   *     starts a new one
   */
  public Frame next(long timeoutNanos) {
    lock.lock();
    try {
      long left = timeoutNanos;
      while (frames.isEmpty() && failure == null && !woken && !closed && left > 0) {
        left = changed.awaitNanos(left);
      }
      checkOpen();
      boolean interrupted = woken;
      woken = false;
      if (!frames.isEmpty()) {
        return interrupted ? null : frames.poll();
      }
      if (failure != null) {
        FunesException thrown = failure;
        failure = null;
        started = false;
        throw thrown;
      }
      return null;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return null;
    } finally {
      lock.unlock();
    }
  }

  public void wakeup() {
    lock.lock();
    try {
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  void received(ReadStream from, Frame frame) {
    lock.lock();
    try {
      bufferedBytes += frame.creditBytes();
      if (from != stream) {
        free(frame);
        return;
      }
      heardNanos = settings.ticker().nanos();
      reconnect.reset();
      assignment.heard(frame.positions());
      if (frame.partition() == null || !assignment.received(frame)) {
        free(frame);
        return;
      }
      frames.add(frame);
      changed.signal();
    } finally {
      lock.unlock();
    }
  }

  /** The frame's array may be used again, and its bytes are given back to the broker as credit. */
  public void free(Frame frame) {
    lock.lock();
    try {
      pool.release(frame.buffer());
      bufferedBytes -= frame.creditBytes();
      owedBytes += frame.creditBytes();
      if (stream != null && owedBytes >= settings.prefetchBytes() / 4) {
        stream.addCredits(owedBytes);
        owedBytes = 0;
      }
    } finally {
      lock.unlock();
    }
  }

  // The stream

  private void connect() {
    if (closed || !started || stream != null) {
      return;
    }
    heardNanos = settings.ticker().nanos();
    owedBytes = 0;
    connection.retryConnect();
    stream = new ReadStream(this, connection, new FrameMarshaller(pool));
    stream.start(request());
  }

  private ReadRequest request() {
    ReadRequest.Builder request =
        ReadRequest.newBuilder()
            .addAllTopics(assignment.starts(assignment.next()))
            .setCredits(
                Credits.newBuilder()
                    .setRecords(ENDLESS_RECORDS)
                    .setBytes(Math.max(0, settings.prefetchBytes() - bufferedBytes)))
            .setMaxFrameBytes(Math.min(FRAME_BYTES, settings.prefetchBytes()));
    Codecs.readable()
        .forEach(codec -> request.addAcceptedCodecs(Codec.forNumber(Codecs.id(codec))));
    return request.build();
  }

  void ended(ReadStream ended, FunesException error, boolean ok) {
    lock.lock();
    try {
      if (ended != stream) {
        return;
      }
      stream = null;
      if (ok || passes(error)) {
        if (!ok) {
          log.warn("Reading is interrupted: {}", error.getMessage());
        }
        connectLater();
      } else {
        failure = error;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether another stream may do better. */
  private static boolean passes(FunesException error) {
    return error.isRetriable()
        || error instanceof UnavailableException
        || error instanceof LimitReachedException
        || error instanceof CallTimeoutException
        || error.reason() == ErrorReason.INTERNAL;
  }

  private void connectLater() {
    connection.schedule(
        () -> {
          lock.lock();
          try {
            connect();
          } finally {
            lock.unlock();
          }
        },
        reconnect.nextMs());
  }

  private void end(String why) {
    if (stream != null) {
      ReadStream ended = stream;
      stream = null;
      ended.cancel(why);
    }
  }

  private void scheduleWatch() {
    connection.schedule(this::watch, Math.max(10, settings.silenceMsMax() / 8));
  }

  /** A stream without even a heartbeat is dead, whatever TCP thinks. */
  private void watch() {
    lock.lock();
    try {
      if (closed) {
        return;
      }
      long silentNanos = settings.ticker().nanos() - heardNanos;
      if (stream != null && silentNanos > TimeUnit.MILLISECONDS.toNanos(settings.silenceMsMax())) {
        log.warn("Nothing heard for {} ms: connecting again", settings.silenceMsMax());
        end("silence");
        connectLater();
      }
      scheduleWatch();
    } finally {
      lock.unlock();
    }
  }

  private void checkOpen() {
    if (closed) {
      throw Connection.closed(null);
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      drop();
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    connection.close();
  }
}
