package io.funes.client.internal.produce;

import io.funes.client.BufferFullException;
import io.funes.client.ErrorReason;
import io.funes.client.Failure;
import io.funes.client.FunesException;
import io.funes.client.internal.transport.Backoff;
import io.funes.client.internal.transport.BufferPool;
import io.funes.client.internal.transport.Connection;
import io.funes.client.internal.transport.Failures;
import io.funes.proto.v1.ProduceResult;
import io.funes.proto.v1.ProduceStreamResponse;
import io.grpc.Status;
import java.util.Arrays;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts sealed batches on the wire. Whoever makes a batch sendable, an application thread that
 * filled it or the I/O thread that got an answer, calls {@link #drain}; the first one in does the
 * work for all until nothing is left, so nothing is handed from thread to thread, and only one
 * thread at a time uses the stream.
 *
 * <p>While few partitions have something under way, open batches leave at once. Otherwise they wait
 * for an answer and grow, but not longer than {@link #OPEN_MS_MAX} on account of other partitions.
 */
public final class ProduceSender {
  /**
   * So many partitions may have something under way when an open batch is sent before it is full.
   */
  private static final int EAGER_PARTITIONS = 2;

  private static final long OPEN_MS_MAX = 5;
  private static final long ANSWER_MS_MAX = 30_000;

  private final ProduceSettings settings;
  private final BufferPool pool;
  private final Connection connection;
  private final ProduceTopics topics;
  private final ConcurrentLinkedQueue<PartitionQueue> ready = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<PartitionQueue> open = new ConcurrentLinkedQueue<>();
  private final AtomicInteger drainCalls = new AtomicInteger();
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicInteger openGuards = new AtomicInteger();
  private final Backoff reconnect = new Backoff();
  private volatile PartitionQueue[] queues = {};
  private volatile boolean resetStream;
  private volatile boolean closed;

  /** Both belong to the thread that drains. */
  private ProduceStream stream;

  private boolean connectLater;

  public ProduceSender(ProduceSettings settings, Connection connection) {
    this.settings = settings;
    this.connection = connection;
    this.pool = new BufferPool(settings.batchBytes(), settings.bufferBytes());
    this.topics = new ProduceTopics(this, connection);
    scheduleTick();
  }

  ProduceSettings settings() {
    return settings;
  }

  BufferPool pool() {
    return pool;
  }

  public ProduceTopics topics() {
    return topics;
  }

  // Queues

  synchronized PartitionQueue newQueue(ProduceTopic topic, int partition) {
    PartitionQueue[] more = Arrays.copyOf(queues, queues.length + 1);
    PartitionQueue queue = new PartitionQueue(topic, partition, queues.length, this);
    more[queues.length] = queue;
    queues = more;
    return queue;
  }

  public PartitionQueue[] queues() {
    return queues;
  }

  // What the queues say

  /** An application thread has opened a batch. */
  void opened(PartitionQueue queue) {
    if (settings.lingerMs() > 0) {
      connection.schedule(queue::sealOpen, settings.lingerMs());
    } else {
      idle(queue);
    }
  }

  /** The queue has an open batch, and nothing of it is under way. */
  void idle(PartitionQueue queue) {
    if (settings.lingerMs() == 0 && queue.listedOpen.compareAndSet(false, true)) {
      open.add(queue);
    }
    drain();
  }

  /** The queue has a sealed batch. */
  void ready(PartitionQueue queue) {
    if (queue.listedReady.compareAndSet(false, true)) {
      ready.add(queue);
    }
    drain();
  }

  void wake(PartitionQueue queue, long delayMs) {
    connection.schedule(() -> ready(queue), delayMs);
  }

  void schedule(Runnable work, long delayMs) {
    connection.schedule(work, delayMs);
  }

  void busyChanged(int before, int after) {
    if (before == 0 && after > 0) {
      busy.incrementAndGet();
    } else if (before > 0 && after == 0) {
      busy.decrementAndGet();
    }
  }

  /** Memory for a batch; sends open ones when nothing else would give memory back. */
  byte[] awaitMemory(int bytes, long timeoutNanos) {
    if (busy.get() == 0) {
      sealAll();
    }
    try {
      byte[] buffer = pool.acquire(bytes, connection.onIoThread() ? 0 : timeoutNanos);
      if (buffer != null) {
        return buffer;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    String message = "no room in the buffer of " + settings.bufferBytes() + " bytes";
    throw new BufferFullException(new Failure(ErrorReason.BUFFER_FULL, message, true, null));
  }

  public void sealAll() {
    for (PartitionQueue queue : queues) {
      queue.sealOpen();
    }
  }

  // The wire

  private void drain() {
    if (drainCalls.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    do {
      sendWhatIsReady();
      seen = drainCalls.addAndGet(-seen);
    } while (seen != 0);
  }

  private void sendWhatIsReady() {
    checkStream();
    PartitionQueue queue = null;
    while (streamReady() && (queue = ready.poll()) != null) {
      queue.listedReady.set(false);
      send(queue);
    }
    while (busy.get() < EAGER_PARTITIONS && streamReady() && (queue = open.poll()) != null) {
      queue.listedOpen.set(false);
      queue.sealOpenIfIdle();
      send(queue);
    }
    if (!open.isEmpty() && openGuards.compareAndSet(0, 1)) {
      connection.schedule(this::guardOpen, OPEN_MS_MAX);
    }
  }

  private void send(PartitionQueue queue) {
    while (stream.isReady()) {
      ProduceBatch batch = queue.next(settings.ticker().nanos());
      if (batch == null) {
        return;
      }
      stream.send(batch.message());
    }
    // The stream is full; it calls when it is ready again.
    if (queue.listedReady.compareAndSet(false, true)) {
      ready.add(queue);
    }
  }

  /** Sends what other partitions' traffic has held back for too long. */
  private void guardOpen() {
    openGuards.set(0);
    long limitNanos = TimeUnit.MILLISECONDS.toNanos(OPEN_MS_MAX);
    for (PartitionQueue queue : open) {
      if (queue.openNanos(settings.ticker().nanos()) >= limitNanos) {
        queue.sealOpenIfIdle();
      }
    }
    drain();
  }

  private boolean streamReady() {
    if (stream == null && !connectLater && !closed && !(ready.isEmpty() && open.isEmpty())) {
      connection.retryConnect();
      stream = new ProduceStream(this::received, this::drain);
      stream.start(connection.channel());
    }
    return stream != null && stream.isReady();
  }

  private void received(ProduceStreamResponse response) {
    reconnect.reset();
    for (ProduceResult result : response.getResultsList()) {
      long id = result.getCorrelationId();
      int slot = SendWindow.slot(id);
      if (slot < 0 || slot >= queues.length) {
        continue;
      }
      if (result.hasError()) {
        queues[slot].refused(id, Failures.of(result.getError(), null));
      } else {
        boolean placed = result.getResponse().getAppendsCount() > 0;
        queues[slot].written(id, placed ? result.getResponse().getAppends(0).getBaseOffset() : -1);
      }
    }
    drain();
  }

  private void checkStream() {
    if (stream != null && (resetStream || closed)) {
      stream.cancel(closed ? "closed" : "no answer for " + ANSWER_MS_MAX + " ms");
    }
    resetStream = false;
    if (stream == null || !stream.isClosed()) {
      return;
    }
    Status.Code code = stream.closeCode();
    FunesException failure = stream.failure();
    stream = null;
    if (closed) {
      return;
    }
    connectLater = true;
    boolean hopeless =
        switch (code) {
          case UNIMPLEMENTED, UNAUTHENTICATED, PERMISSION_DENIED -> true;
          default -> false;
        };
    for (PartitionQueue queue : queues) {
      queue.connectionLost();
      if (hopeless) {
        queue.fail(failure, false);
      }
    }
    connection.schedule(
        () -> {
          connectLater = false;
          drain();
        },
        reconnect.nextMs());
  }

  // Time

  private void scheduleTick() {
    long tickMs = Math.max(10, Math.min(1_000, settings.deliveryTimeout().toMillis() / 8));
    connection.schedule(this::tick, tickMs);
  }

  private void tick() {
    if (closed) {
      return;
    }
    long now = settings.ticker().nanos();
    for (PartitionQueue queue : queues) {
      queue.expire(now - settings.deliveryNanos());
      if (now - queue.oldestSentNanos(now) > TimeUnit.MILLISECONDS.toNanos(ANSWER_MS_MAX)) {
        resetStream = true;
      }
    }
    topics.lookUpOld(now);
    drain();
    scheduleTick();
  }

  /** Fails what is left. Later appends fail too. */
  public void close() {
    closed = true;
    FunesException error = Connection.closed(null);
    for (PartitionQueue queue : queues) {
      queue.fail(error, true);
    }
    drain();
    connection.close();
  }
}
