package io.funes.client;

import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.GetTopicResponse;
import io.funes.proto.v1.ProduceResult;
import io.funes.proto.v1.ProduceStreamResponse;
import io.funes.proto.v1.Topic;
import io.funes.proto.v1.TopicServiceGrpc;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;

/**
 * Puts sealed batches on the wire. Whoever makes a batch sendable, an application thread that
 * filled it or the I/O thread that got an answer, calls {@link #drain}; the first one in does the
 * work for all until nothing is left, so nothing is handed from thread to thread, and only one
 * thread at a time uses the stream.
 *
 * <p>While few partitions have something under way, open batches leave at once. Otherwise they wait
 * for an answer and grow, but not longer than {@link #OPEN_MS_MAX} on account of other partitions.
 */
final class ProduceSender {
  /**
   * So many partitions may have something under way when an open batch is sent before it is full.
   */
  private static final int EAGER_PARTITIONS = 2;

  private static final long OPEN_MS_MAX = 5;
  private static final long ANSWER_MS_MAX = 30_000;
  private static final long TOPIC_AGE_NANOS = TimeUnit.MINUTES.toNanos(5);
  private static final long LOOK_UP_SECONDS = 10;

  private final ProduceSettings settings;
  private final BufferPool pool;
  private final Connection connection;
  private final ConcurrentHashMap<String, ProduceTopic> topics = new ConcurrentHashMap<>();
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

  ProduceSender(ProduceSettings settings, Connection connection) {
    this.settings = settings;
    this.connection = connection;
    this.pool = new BufferPool(settings.batchBytes(), settings.bufferBytes());
    scheduleTick();
  }

  ProduceSettings settings() {
    return settings;
  }

  BufferPool pool() {
    return pool;
  }

  // Topics

  /** The topic, looked up when it is not known yet. */
  ProduceTopic topic(String name, long timeoutNanos) {
    ProduceTopic known = topics.get(name);
    return known != null ? known : firstLookUp(name, timeoutNanos);
  }

  private synchronized ProduceTopic firstLookUp(String name, long timeoutNanos) {
    ProduceTopic known = topics.get(name);
    if (known != null) {
      return known;
    }
    ProduceTopic topic = new ProduceTopic(get(name, timeoutNanos), this);
    topics.put(name, topic);
    return topic;
  }

  /** The partition that a record names but that was not there at the last look. */
  PartitionQueue newPartition(ProduceTopic topic, ProducerRecord record, long timeoutNanos) {
    topic.know(get(topic.name(), timeoutNanos));
    PartitionQueue queue = topic.choose(record);
    if (queue == null) {
      throw topic.unknownPartition(record.partition, topic.partitions().length);
    }
    return queue;
  }

  private Topic get(String name, long timeoutNanos) {
    if (connection.onIoThread()) {
      String message = "the topic " + name + " is not known yet, and a callback must not wait";
      throw new UnavailableException(
          new Failure(ErrorReason.BROKER_UNAVAILABLE, message, true, null), Duration.ZERO);
    }
    return Topics.get(connection, name, timeoutNanos);
  }

  void lookUp(String name, BiConsumer<Topic, FunesException> then) {
    TopicServiceGrpc.newStub(connection.channel())
        .withDeadlineAfter(LOOK_UP_SECONDS, TimeUnit.SECONDS)
        .getTopic(
            GetTopicRequest.newBuilder().setName(name).build(),
            new StreamObserver<GetTopicResponse>() {
              @Override
              public void onNext(GetTopicResponse response) {
                then.accept(response.getTopic(), null);
              }

              @Override
              public void onError(Throwable error) {
                then.accept(null, Failures.of((StatusRuntimeException) error));
              }

              @Override
              public void onCompleted() {}
            });
  }

  void forget(ProduceTopic topic) {
    topics.remove(topic.name(), topic);
  }

  synchronized PartitionQueue newQueue(ProduceTopic topic, int partition) {
    PartitionQueue[] more = Arrays.copyOf(queues, queues.length + 1);
    PartitionQueue queue = new PartitionQueue(topic, partition, queues.length, this);
    more[queues.length] = queue;
    queues = more;
    return queue;
  }

  PartitionQueue[] queues() {
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

  void sealAll() {
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
    for (ProduceTopic topic : topics.values()) {
      if (topic.olderThan(TOPIC_AGE_NANOS, now)) {
        topic.lookUpAgain();
      }
    }
    drain();
    scheduleTick();
  }

  /** Fails what is left. Later appends fail too. */
  void close() {
    closed = true;
    FunesException error = Connection.closed(null);
    for (PartitionQueue queue : queues) {
      queue.fail(error, true);
    }
    drain();
    connection.close();
  }
}
