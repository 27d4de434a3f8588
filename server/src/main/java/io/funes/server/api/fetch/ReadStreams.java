package io.funes.server.api.fetch;

import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * What all readers share, and the lists of those that wait, for heartbeats and the drain before a
 * shutdown.
 */
final class ReadStreams {
  private final ReadTargets targets;
  private final Executor readers;
  private final Ticker ticker;
  private final long heartbeatIntervalMs;
  private final Set<ReadSession> sessions = ConcurrentHashMap.newKeySet();
  private final Set<LongPoll> polls = ConcurrentHashMap.newKeySet();
  private final Set<ForwardedFetch> forwarded = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  ReadStreams(
      ReadTargets targets,
      Executor readers,
      Scheduler scheduler,
      Ticker ticker,
      long heartbeatIntervalMs) {
    this.targets = targets;
    this.readers = readers;
    this.ticker = ticker;
    this.heartbeatIntervalMs = heartbeatIntervalMs;
    // Twice as often as is due, so that a heartbeat comes at most half an interval late.
    scheduler.every(
        TimeUnit.MILLISECONDS.toNanos(Math.max(1, heartbeatIntervalMs / 2)),
        () -> sessions.forEach(ReadSession::wake));
  }

  ReadTargets targets() {
    return targets;
  }

  Executor readers() {
    return readers;
  }

  Ticker ticker() {
    return ticker;
  }

  /**
   * A heartbeat is due after so long a silence: with the half interval of the wake none is longer
   * than what is promised.
   */
  long heartbeatAfterMs() {
    return heartbeatIntervalMs / 2;
  }

  void add(ReadSession session) {
    sessions.add(session);
    if (draining) {
      session.drain();
    }
  }

  void remove(ReadSession session) {
    sessions.remove(session);
    session.stop();
  }

  void add(LongPoll poll) {
    polls.add(poll);
  }

  void remove(LongPoll poll) {
    polls.remove(poll);
  }

  void add(ForwardedFetch fetch) {
    forwarded.add(fetch);
    if (draining) {
      fetch.drain();
    }
  }

  void remove(ForwardedFetch fetch) {
    forwarded.remove(fetch);
  }

  /** Nobody waits here any more. */
  boolean draining() {
    return draining;
  }

  /** Sends them all away, and those that still come. */
  void drain() {
    draining = true;
    sessions.forEach(ReadSession::drain);
    polls.forEach(LongPoll::wake);
    forwarded.forEach(ForwardedFetch::drain);
  }
}
