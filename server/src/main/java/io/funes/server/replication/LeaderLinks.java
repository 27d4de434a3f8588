package io.funes.server.replication;

import io.funes.server.common.Scheduler;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The streams to all brokers that this one follows. */
public final class LeaderLinks {
  private final ReplicaChannel.Connector connector;
  private final Scheduler scheduler;
  private final Map<Integer, LeaderLink> links = new ConcurrentHashMap<>();

  public LeaderLinks(ReplicaChannel.Connector connector, Scheduler scheduler) {
    this.connector = connector;
    this.scheduler = scheduler;
  }

  LeaderLink to(int brokerId) {
    return links.computeIfAbsent(brokerId, id -> new LeaderLink(id, connector, scheduler));
  }

  /** Ends all streams; call when no partition follows any more. */
  public void close() {
    links.values().forEach(LeaderLink::close);
  }
}
