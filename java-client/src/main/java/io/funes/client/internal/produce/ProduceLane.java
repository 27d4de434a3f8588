package io.funes.client.internal.produce;

import io.funes.client.FunesException;
import io.funes.client.internal.cluster.Door;
import io.funes.client.internal.transport.Backoff;
import io.funes.client.internal.transport.Connection;
import io.funes.proto.v1.ProduceStreamResponse;
import io.grpc.Status;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What goes by one door: a stream, and the queues that have something for it. Only the lists may be
 * used by any thread; the stream belongs to the thread that drains the {@link ProduceSender}.
 *
 * <p>While few partitions of it have something under way, open batches leave at once. Otherwise
 * they wait for an answer and grow, but not longer than {@link #OPEN_MS_MAX} on account of other
 * partitions.
 */
final class ProduceLane {
  /**
   * So many partitions may have something under way when an open batch is sent before it is full.
   */
  private static final int EAGER_PARTITIONS = 2;

  private static final long OPEN_MS_MAX = 5;

  private final ConcurrentLinkedQueue<PartitionQueue> ready = new ConcurrentLinkedQueue<>();
  private final ConcurrentLinkedQueue<PartitionQueue> open = new ConcurrentLinkedQueue<>();
  private final AtomicInteger busy = new AtomicInteger();
  private final AtomicInteger openGuards = new AtomicInteger();
  private final Backoff reconnect = new Backoff();
  private final Door door;
  private final ProduceSender sender;
  private final Connection connection;
  private volatile String resetBecause;
  private volatile boolean closed;
  private ProduceStream stream;
  private volatile boolean connectLater;

  ProduceLane(Door door, ProduceSender sender, Connection connection) {
    this.door = door;
    this.sender = sender;
    this.connection = connection;
  }

  Door door() {
    return door;
  }

  void addReady(PartitionQueue queue) {
    ready.add(queue);
  }

  void addOpen(PartitionQueue queue) {
    open.add(queue);
  }

  void busyChanged(int before, int after) {
    if (before == 0 && after > 0) {
      busy.incrementAndGet();
    } else if (before > 0 && after == 0) {
      busy.decrementAndGet();
    }
  }

  boolean isBusy() {
    return busy.get() > 0;
  }

  /** Ends the stream at the next drain; it begins anew. */
  void reset(String why) {
    resetBecause = why;
  }

  boolean isClosed() {
    return closed;
  }

  /** Ends the stream at the next drain, for good. */
  void close() {
    closed = true;
    reset("closed");
  }

  // The thread that drains

  void sendWhatIsReady() {
    checkStream();
    PartitionQueue queue = null;
    while (streamReady() && (queue = ready.poll()) != null) {
      if (queue.lane() == this) {
        queue.listedReady.set(false);
        send(queue);
      }
    }
    while (busy.get() < EAGER_PARTITIONS && streamReady() && (queue = open.poll()) != null) {
      if (queue.lane() == this) {
        queue.listedOpen.set(false);
        queue.sealOpenIfIdle();
        send(queue);
      }
    }
    if (!open.isEmpty() && openGuards.compareAndSet(0, 1)) {
      connection.schedule(this::guardOpen, OPEN_MS_MAX);
    }
  }

  private void send(PartitionQueue queue) {
    while (stream.isReady()) {
      ProduceBatch batch = queue.next(sender.settings().ticker().nanos());
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
      if (queue.openNanos(sender.settings().ticker().nanos()) >= limitNanos) {
        queue.sealOpenIfIdle();
      }
    }
    sender.drain();
  }

  /** Else the stream would begin anew for queues that go by another lane by now. */
  private void dropThoseThatLeft() {
    ready.removeIf(queue -> queue.lane() != this);
    open.removeIf(queue -> queue.lane() != this);
  }

  private boolean streamReady() {
    if (stream == null && !connectLater && !closed && !(ready.isEmpty() && open.isEmpty())) {
      door.channel().resetConnectBackoff();
      stream = new ProduceStream(this::received, sender::drain);
      stream.start(door.channel());
    }
    return stream != null && stream.isReady();
  }

  private void received(ProduceStreamResponse response) {
    reconnect.reset();
    sender.answered(this, response);
  }

  private void checkStream() {
    String why = resetBecause;
    if (why != null) {
      resetBecause = null;
      if (stream != null) {
        stream.cancel(why);
      }
    }
    if (stream == null || !stream.isClosed()) {
      return;
    }
    Status.Code code = stream.closeCode();
    FunesException failure = stream.failure();
    stream = null;
    dropThoseThatLeft();
    if (closed) {
      return;
    }
    connectLater = true;
    boolean hopeless =
        switch (code) {
          case UNIMPLEMENTED, UNAUTHENTICATED, PERMISSION_DENIED -> true;
          default -> false;
        };
    sender.laneBroke(this, hopeless ? failure : null);
    connection.schedule(
        () -> {
          connectLater = false;
          sender.drain();
        },
        reconnect.nextMs());
  }
}
