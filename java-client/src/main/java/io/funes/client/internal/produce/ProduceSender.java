package io.funes.client.internal.produce;

import io.funes.client.BufferFullException;
import io.funes.client.ErrorReason;
import io.funes.client.Failure;
import io.funes.client.FunesException;
import io.funes.client.UnavailableException;
import io.funes.client.internal.cluster.Cluster;
import io.funes.client.internal.cluster.Door;
import io.funes.client.internal.cluster.Way;
import io.funes.client.internal.transport.BufferPool;
import io.funes.client.internal.transport.Connection;
import io.funes.client.internal.transport.Failures;
import io.funes.proto.v1.ProduceResult;
import io.funes.proto.v1.ProduceStreamResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Puts sealed batches on the wire. Whoever makes a batch sendable, an application thread that
 * filled it or the I/O thread that got an answer, calls {@link #drain}; the first one in does the
 * work for all lanes until nothing is left, so nothing is handed from thread to thread, and only
 * one thread at a time uses a stream.
 *
 * <p>There is a lane for each broker that leads one of the partitions, and one for any broker,
 * which takes what has no better way. When a partition's way changes its queue moves to the other
 * lane, in the same drain.
 */
public final class ProduceSender {
  private static final long ANSWER_MS_MAX = 30_000;

  /** After so long without an answer it is time to ask whether another broker leads. */
  private static final long DOUBT_MS = 1_000;

  private static final long TICK_MS_MAX = 200;

  /** Between two questions of who leads. */
  private static final long ASK_MS_MIN = 100;

  private final ProduceSettings settings;
  private final BufferPool pool;
  private final Connection connection;
  private final Cluster cluster;
  private final ProduceTopics topics;
  private final ConcurrentLinkedQueue<PartitionQueue> moving = new ConcurrentLinkedQueue<>();
  private final AtomicInteger drainCalls = new AtomicInteger();
  private final AtomicBoolean asking = new AtomicBoolean();
  private volatile PartitionQueue[] queues = {};
  private volatile ProduceLane[] lanes = {};
  private volatile boolean closed;

  public ProduceSender(ProduceSettings settings, Connection connection, Cluster cluster) {
    this.settings = settings;
    this.connection = connection;
    this.cluster = cluster;
    this.pool = new BufferPool(settings.batchBytes(), settings.bufferBytes());
    this.topics = new ProduceTopics(this, connection, cluster);
    cluster.onChange(this::chooseWays);
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
    Way way = cluster.way(topic.name(), partition);
    PartitionQueue queue =
        new PartitionQueue(topic, partition, queues.length, this, lane(way.door()));
    more[queues.length] = queue;
    queues = more;
    if (closed) {
      queue.fail(Connection.closed(null), true); // Which close has perhaps not seen.
    }
    return queue;
  }

  public PartitionQueue[] queues() {
    return queues;
  }

  // Lanes

  private synchronized ProduceLane lane(Door door) {
    for (ProduceLane lane : lanes) {
      if (lane.door() == door) {
        return lane;
      }
    }
    ProduceLane lane = new ProduceLane(door, this, connection);
    ProduceLane[] more = Arrays.copyOf(lanes, lanes.length + 1);
    more[lanes.length] = lane;
    lanes = more;
    return lane;
  }

  /** Sends each queue to the lane that is best for it now. */
  private void chooseWays() {
    for (PartitionQueue queue : queues) {
      Way way = cluster.way(queue.partition().topic(), queue.partition().partition());
      if (queue.wish(lane(way.door()), way.leaderEpoch())) {
        moving.add(queue);
      }
    }
    closeUnused();
    drain();
  }

  private synchronized void closeUnused() {
    Set<ProduceLane> used = new HashSet<>();
    for (PartitionQueue queue : queues) {
      used.add(queue.lane());
    }
    List<ProduceLane> kept = new ArrayList<>();
    for (ProduceLane lane : lanes) {
      if (!lane.isClosed()) {
        kept.add(lane); // The drain after this one ends the stream of a lane that is closed here.
        if (lane.door().isShut() && !used.contains(lane)) {
          lane.close();
        }
      }
    }
    lanes = kept.toArray(new ProduceLane[0]);
  }

  /** No more answers come for what went by this lane; {@code hopeless} if none ever will. */
  void laneBroke(ProduceLane lane, FunesException hopeless) {
    for (PartitionQueue queue : queues) {
      if (queue.lane() == lane) {
        queue.connectionLost();
        if (hopeless != null) {
          queue.fail(hopeless, false);
        }
      }
    }
    askWhoLeads();
  }

  /** Whoever refused it perhaps does not lead. */
  void goesAgain(FunesException error) {
    if (error instanceof UnavailableException) {
      askWhoLeads();
    }
  }

  /** Of what is known, something seems not to be so any more. */
  private void askWhoLeads() {
    if (!closed && asking.compareAndSet(false, true)) {
      connection.schedule(
          () -> cluster.ask(topics.names(), () -> schedule(() -> asking.set(false), ASK_MS_MIN)),
          0);
    }
  }

  /** Asks about one topic, and goes on when the brokers have answered. */
  void askWhoLeads(String topic, Runnable then) {
    cluster.ask(List.of(topic), then);
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
      queue.lane().addOpen(queue);
    }
    drain();
  }

  /** The queue has a sealed batch. */
  void ready(PartitionQueue queue) {
    if (queue.listedReady.compareAndSet(false, true)) {
      queue.lane().addReady(queue);
    }
    drain();
  }

  void wake(PartitionQueue queue, long delayMs) {
    connection.schedule(() -> ready(queue), delayMs);
  }

  void schedule(Runnable work, long delayMs) {
    connection.schedule(work, delayMs);
  }

  /** Memory for a batch; sends open ones when nothing else would give memory back. */
  byte[] awaitMemory(int bytes, long timeoutNanos) {
    if (Arrays.stream(lanes).noneMatch(ProduceLane::isBusy)) {
      sealAll();
    }
    String message = "no room in the buffer of " + settings.bufferBytes() + " bytes";
    try {
      byte[] buffer = pool.acquire(bytes, connection.onIoThread() ? 0 : timeoutNanos);
      if (buffer != null) {
        return buffer;
      }
      throw new BufferFullException(new Failure(ErrorReason.BUFFER_FULL, message, true, null));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      String interrupted = "interrupted in the wait for memory: " + message;
      throw new BufferFullException(new Failure(ErrorReason.BUFFER_FULL, interrupted, true, e));
    }
  }

  public void sealAll() {
    for (PartitionQueue queue : queues) {
      queue.sealOpen();
    }
  }

  // The wire

  void drain() {
    if (drainCalls.getAndIncrement() != 0) {
      return;
    }
    int seen = 1;
    try {
      do {
        if (!moving.isEmpty()) {
          moving.removeIf(PartitionQueue::tryMove);
        }
        for (ProduceLane lane : lanes) {
          lane.sendWhatIsReady();
        }
        seen = drainCalls.addAndGet(-seen);
      } while (seen != 0);
    } catch (RuntimeException | Error e) {
      drainCalls.set(0); // Else nobody would ever drain again.
      throw e;
    }
  }

  void answered(ProduceLane by, ProduceStreamResponse response) {
    for (ProduceResult result : response.getResultsList()) {
      long id = result.getCorrelationId();
      int slot = SendWindow.slot(id);
      if (slot < 0 || slot >= queues.length) {
        continue;
      }
      if (result.hasError()) {
        Failures.leadership(result.getError())
            .ifPresent(told -> cluster.leads(queues[slot].partition(), told));
        queues[slot].refused(by, id, Failures.of(result.getError(), null));
      } else {
        boolean placed = result.getResponse().getAppendsCount() > 0;
        long offset = placed ? result.getResponse().getAppends(0).getBaseOffset() : -1;
        queues[slot].written(by, id, offset);
      }
    }
    drain();
  }

  // Time

  private void scheduleTick() {
    long tickMs = Math.max(10, Math.min(TICK_MS_MAX, settings.deliveryTimeout().toMillis() / 8));
    connection.schedule(this::tick, tickMs);
  }

  private void tick() {
    if (closed) {
      return;
    }
    long now = settings.ticker().nanos();
    for (PartitionQueue queue : queues) {
      queue.expire(now - settings.deliveryNanos());
      long waited = TimeUnit.NANOSECONDS.toMillis(now - queue.oldestSentNanos(now));
      if (waited > ANSWER_MS_MAX) {
        queue.lane().reset("no answer for " + ANSWER_MS_MAX + " ms");
      } else if (waited > DOUBT_MS) {
        askWhoLeads();
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
    for (ProduceLane lane : lanes) {
      lane.close();
    }
    drain();
    connection.close();
  }
}
