package io.funes.server.replication;

import io.funes.server.common.Scheduler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The streams to all brokers that this one follows. */
public final class LeaderLinks {
  private final ReplicaChannel.Connector connector;
  private final Scheduler scheduler;
  private final Map<Integer, LeaderLink> links = new ConcurrentHashMap<>();
  private volatile boolean heard = true;

  public LeaderLinks(ReplicaChannel.Connector connector, Scheduler scheduler) {
    this.connector = connector;
    this.scheduler = scheduler;
  }

  /**
   * Told whether a controller hears this broker. While none does, others may lead than it knows of,
   * and it may be in sync with nobody.
   */
  public void heard(boolean nowHeard) {
    heard = nowHeard;
  }

  boolean isHeard() {
    return heard;
  }

  LeaderLink to(int brokerId) {
    return links.computeIfAbsent(brokerId, id -> new LeaderLink(id, connector, scheduler));
  }

  /** Ends all streams; call when no partition follows any more. */
  public void close() {
    links.values().forEach(LeaderLink::close);
  }
}
