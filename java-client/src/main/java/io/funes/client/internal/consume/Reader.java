package io.funes.client.internal.consume;

import io.funes.client.CallTimeoutException;
import io.funes.client.ErrorReason;
import io.funes.client.FunesException;
import io.funes.client.LimitReachedException;
import io.funes.client.TopicPartition;
import io.funes.client.UnavailableException;
import io.funes.client.internal.cluster.Cluster;
import io.funes.client.internal.cluster.Door;
import io.funes.client.internal.record.Codecs;
import io.funes.client.internal.transport.Backoff;
import io.funes.client.internal.transport.BufferPool;
import io.funes.client.internal.transport.Connection;
import io.funes.proto.v1.Codec;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.Start;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps a {@code Read} stream alive to each broker that leads some of the assigned partitions, or
 * has them near by, and queues their frames. A change of place ends the streams, and a new way
 * those that it touches; the next ones begin where the partitions stand then, and frames of an old
 * stream are dropped by its identity. Everything is guarded by one lock, taken once per frame.
 */
public final class Reader implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Reader.class);
  private static final int FRAME_BYTES = 256 << 10;
  private static final int ENVELOPE_BYTES = 8 << 10;

  /** Records are bounded by their bytes. */
  static final long ENDLESS_RECORDS = Long.MAX_VALUE / 4;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Frame> frames = new ArrayDeque<>();
  private final BufferPool pool = new BufferPool(FRAME_BYTES + ENVELOPE_BYTES, Long.MAX_VALUE / 2);
  private final Map<Door, Backoff> backoffs = new HashMap<>();
  private final ReadSettings settings;
  private final Connection connection;
  private final Cluster cluster;
  private final Assignment assignment;
  private final Map<Door, ReadStream> streams = new LinkedHashMap<>();
  private FunesException failure;
  private boolean started;
  private boolean woken;
  private boolean closed;

  public Reader(
      Assignment assignment, ReadSettings settings, Connection connection, Cluster cluster) {
    this.assignment = assignment;
    this.settings = settings;
    this.connection = connection;
    this.cluster = cluster;
    cluster.onChange(this::connect);
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
    endAll("the places changed");
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
        assignment.partitions().forEach(partition -> cluster.follow(partition.topic()));
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
      boolean wokenNow = woken;
      woken = false;
      if (!frames.isEmpty()) {
        return wokenNow ? null : frames.poll();
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
      if (!streams.containsValue(from)) {
        pool.release(frame.buffer());
        return;
      }
      from.heard(settings.ticker().nanos());
      from.backoff().reset();
      assignment.heard(frame.positions());
      if (frame.partition() == null || !assignment.received(frame)) {
        pool.release(frame.buffer());
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
      assignment.freed(frame);
      for (ReadStream stream : streams.values()) {
        if (stream.partitions().contains(frame.partition())) {
          stream.freed(frame.creditBytes());
        }
      }
    } finally {
      lock.unlock();
    }
  }

  // The streams

  /** Sees to it that each partition comes by the best way there is now. */
  private void connect() {
    lock.lock();
    try {
      if (closed || !started || failure != null) {
        return;
      }
      Map<Door, Set<TopicPartition>> shares = shares();
      Map<Door, ReadStream> before = Map.copyOf(streams);
      before.forEach((door, stream) -> {
        if (!stream.partitions().equals(shares.get(door))) {
          streams.remove(door);
          stream.cancel("partitions come by another way");
        }
      });
      Map<TopicPartition, Start> places = assignment.next();
      backoffs.keySet().removeIf(Door::isShut);
      int windowBytes = settings.prefetchBytes() / Math.max(1, shares.size());
      streams.values().forEach(stream -> stream.resize(windowBytes));
      shares.forEach((door, partitions) -> {
        if (!streams.containsKey(door)) {
          open(door, partitions, windowBytes, places);
        }
      });
    } finally {
      lock.unlock();
    }
  }

  private Map<Door, Set<TopicPartition>> shares() {
    Map<Door, Set<TopicPartition>> shares = new LinkedHashMap<>();
    for (TopicPartition partition : assignment.partitions()) {
      Door door = cluster.way(partition.topic(), partition.partition()).door();
      shares.computeIfAbsent(door, unused -> new LinkedHashSet<>()).add(partition);
    }
    return shares;
  }

  private void open(
      Door door,
      Set<TopicPartition> partitions,
      int windowBytes,
      Map<TopicPartition, Start> places) {
    Map<TopicPartition, Start> own = new LinkedHashMap<>(places);
    own.keySet().retainAll(partitions);
    ReadRequest.Builder request =
        ReadRequest.newBuilder()
            .addAllTopics(assignment.starts(own))
            .setAllowFollower(!settings.rack().isEmpty())
            .setMaxFrameBytes(Math.min(FRAME_BYTES, windowBytes));
    Codecs.readable()
        .forEach(codec -> request.addAcceptedCodecs(Codec.forNumber(Codecs.id(codec))));
    door.channel().resetConnectBackoff();
    ReadStream stream =
        new ReadStream(
            this,
            door,
            backoffs.computeIfAbsent(door, unused -> new Backoff()),
            partitions,
            windowBytes,
            new FrameMarshaller(pool));
    streams.put(door, stream);
    stream.start(request, assignment.bufferedBytes(partitions), settings.ticker().nanos());
  }

  void ended(ReadStream ended, FunesException error, boolean ok) {
    lock.lock();
    try {
      if (!streams.values().remove(ended)) {
        return;
      }
      // Who is not in sync any more says NOT_LEADER, and passes the next stream on to the leader.
      boolean better =
          !ok && error.reason() != ErrorReason.NOT_LEADER && cluster.avoid(ended.door());
      if (ok || better || passes(error)) {
        if (!ok) {
          log.warn("Reading is interrupted: {}", error.getMessage());
          askWhoLeads(ended);
        }
        connectLater(ended);
      } else {
        endAll("another one failed");
        failure = error;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  private void askWhoLeads(ReadStream of) {
    Set<String> topics = new LinkedHashSet<>();
    of.partitions().forEach(partition -> topics.add(partition.topic()));
    connection.schedule(() -> cluster.ask(topics, () -> {}), 0);
  }

  /** Whether another stream may do better. */
  private static boolean passes(FunesException error) {
    return error.isRetriable()
        || error instanceof UnavailableException
        || error instanceof LimitReachedException
        || error instanceof CallTimeoutException
        || error.reason() == ErrorReason.INTERNAL;
  }

  private void connectLater(ReadStream after) {
    connection.schedule(this::connect, after.backoff().nextMs());
  }

  private void endAll(String why) {
    List<ReadStream> ended = List.copyOf(streams.values());
    streams.clear();
    ended.forEach(stream -> stream.cancel(why));
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
      long now = settings.ticker().nanos();
      long limitNanos = TimeUnit.MILLISECONDS.toNanos(settings.silenceMsMax());
      for (ReadStream stream : List.copyOf(streams.values())) {
        if (stream.silentNanos(now) > limitNanos) {
          log.warn("Nothing heard for {} ms: connecting again", settings.silenceMsMax());
          streams.values().remove(stream);
          cluster.avoid(stream.door());
          stream.cancel("silence");
          connectLater(stream);
        }
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
