package io.funes.client.internal.cluster;

import io.funes.client.TopicPartition;
import io.funes.client.internal.transport.Backoff;
import io.funes.client.internal.transport.Connection;
import io.funes.client.internal.transport.Leadership;
import io.funes.client.internal.transport.ServerList;
import io.funes.proto.v1.Broker;
import io.funes.proto.v1.GetMetadataRequest;
import io.funes.proto.v1.GetMetadataResponse;
import io.funes.proto.v1.Partition;
import io.funes.proto.v1.WatchMetadataResponse;
import io.grpc.Channel;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Knows the way to each partition: to its leader while the connection to that one stands, and else
 * by any broker; for readers that name their rack, before both, to a replica in it that is in sync.
 * So nothing waits for a leader that cannot be reached, or not at the address that it goes by in
 * its cluster; and of a cluster of one broker, or of brokers that do not tell who leads, no more is
 * needed than one connection. Safe for use by several threads.
 */
public final class Cluster implements MetadataWatch.Listener {
  /**
   * As many as a broker lets one watch name. None of them is forgotten again; topics that come
   * after so many are reached by any broker, which passes calls on to their leaders.
   */
  private static final int TOPICS_MAX = 1_000;

  private static final long AGAIN_MS = 20;
  private static final long AVOIDED_MS = 30_000;

  private final Connection connection;
  private final boolean direct;
  private final String rack;
  private final Door any;
  private final Map<String, Door> doors = new HashMap<>();
  private final Set<String> topics = new LinkedHashSet<>();
  private final Backoff again = new Backoff();
  private final AtomicBoolean telling = new AtomicBoolean();
  private final AtomicBoolean watchingAnew = new AtomicBoolean();
  private volatile Runnable listener = () -> {};
  private ClusterView view = ClusterView.EMPTY;
  private Map<String, ServerList> reachable = Map.of();
  private MetadataWatch watch;
  private boolean untold;

  /** For a writer, who has business with leaders only. */
  public Cluster(Connection connection, boolean direct) {
    this(connection, direct, "");
  }

  /**
   * Without a connection yet.
   *
   * @param direct whether brokers of its choice may be gone to at all
   * @param rack in which replicas are near; empty where leaders are wanted
   */
  public Cluster(Connection connection, boolean direct, String rack) {
    this.connection = connection;
    this.direct = direct;
    this.rack = rack;
    any = new Door("any broker", connection.channel());
  }

  /** Run on the I/O thread after ways have changed. */
  public void onChange(Runnable changed) {
    listener = changed;
  }

  public Door any() {
    return any;
  }

  /** Wants to know who leads the partitions of this topic, from now on. */
  public void follow(String topic) {
    synchronized (this) {
      if (!direct || untold || topics.size() == TOPICS_MAX || !topics.add(topic)) {
        return;
      }
    }
    watchSoon(0);
  }

  /** The best way to the partition now. */
  public synchronized Way way(String topic, int partition) {
    Partition led = view.led(topic, partition);
    if (led == null) {
      return new Way(any, Way.UNKNOWN);
    }
    return new Way(view.brokers().size() == 1 ? any : door(led), led.getLeaderEpoch());
  }

  private Door door(Partition led) {
    Broker near = rack.isEmpty() ? null : view.near(led, rack);
    Door door = near == null ? null : door(near.getAddress());
    if (door == null || !door.isOpen() || door.isAvoided()) {
      door = door(view.address(led));
    }
    return door != null && door.isOpen() ? door : any;
  }

  /**
   * Whether what failed by this door may do better by another: a replica near by that has failed is
   * not gone to for a while, its leader is. On the I/O thread.
   */
  public boolean avoid(Door failed) {
    if (rack.isEmpty() || failed == any || failed.isAvoided()) {
      return false;
    }
    failed.avoid(true);
    connection.schedule(
        () -> {
          failed.avoid(false);
          tell();
        },
        AVOIDED_MS);
    return true;
  }

  /** Null where the broker goes by a name that means nothing here. */
  private Door door(String address) {
    Door known = doors.get(address);
    if (known == null && reachable.containsKey(address)) {
      known = new Door(address, connection.channelTo(reachable.get(address)));
      doors.put(address, known);
      known.keepOpen(this::tell);
    }
    return known;
  }

  /**
   * Asks all brokers who leads the partitions of these topics, and goes on when they have answered
   * or it is clear that they will not. On the I/O thread.
   */
  public void ask(Collection<String> about, Runnable then) {
    List<Channel> brokers = new ArrayList<>();
    synchronized (this) {
      if (direct && !untold) {
        brokers.add(any.channel());
        doors.values().forEach(door -> brokers.add(door.channel()));
      }
    }
    if (brokers.isEmpty()) {
      connection.schedule(then, AGAIN_MS);
      return;
    }
    GetMetadataRequest request =
        GetMetadataRequest.newBuilder()
            .addAllTopics(about.stream().limit(TOPICS_MAX).toList())
            .setPageSize(TOPICS_MAX)
            .build();
    Inquiry.send(
        brokers, request, this::answered, connection::schedule, () -> connection.schedule(then, 0));
  }

  /** A broker that was taken for the leader says who leads by now. */
  public void leads(TopicPartition partition, Leadership told) {
    synchronized (this) {
      ClusterView before = view;
      view = view.with(partition, told);
      if (view.equals(before)) {
        return;
      }
    }
    tell();
  }

  private void answered(GetMetadataResponse answer) {
    know(
        new ClusterView.News(
            answer.getRevision(),
            answer.getBrokersList(),
            answer.getTopicsList(),
            answer.getUnknownTopicsList()));
  }

  private void know(ClusterView.News news) {
    List<Door> gone = new ArrayList<>();
    List<Door> kept;
    synchronized (this) {
      ClusterView before = view;
      view = view.with(news);
      if (view.saysTheSameAs(before)) {
        return;
      }
      reachable = reachable(view.brokers().values());
      for (String address : List.copyOf(doors.keySet())) {
        if (!reachable.containsKey(address)) {
          gone.add(doors.remove(address));
        }
      }
      kept = List.copyOf(doors.values());
      connection.alsoAt(reachable.values());
    }
    gone.forEach(door -> connection.shutdown(door.channel()));
    kept.forEach(door -> door.channel().resetConnectBackoff());
    tell();
  }

  private static Map<String, ServerList> reachable(Collection<Broker> brokers) {
    Map<String, ServerList> reachable = new LinkedHashMap<>();
    for (Broker broker : brokers) {
      try {
        reachable.put(broker.getAddress(), ServerList.parse(broker.getAddress()));
      } catch (IllegalArgumentException e) {
        // What it leads is reached by any broker.
      }
    }
    return reachable;
  }

  /** Once for all that changes until the I/O thread comes to it. */
  private void tell() {
    if (telling.compareAndSet(false, true)) {
      connection.schedule(
          () -> {
            telling.set(false);
            listener.run();
          },
          0);
    }
  }

  // The watch

  private void watchSoon(long delayMs) {
    if (watchingAnew.compareAndSet(false, true)) {
      connection.schedule(this::watchAnew, delayMs);
    }
  }

  private void watchAnew() {
    watchingAnew.set(false);
    MetadataWatch before;
    MetadataWatch now;
    List<String> watched;
    synchronized (this) {
      before = watch;
      now = new MetadataWatch(connection.channel(), this);
      watch = now;
      watched = List.copyOf(topics);
    }
    if (before != null) {
      before.cancel();
    }
    now.start(watched);
  }

  @Override
  public void told(MetadataWatch by, WatchMetadataResponse news) {
    synchronized (this) {
      if (by != watch) {
        return;
      }
      again.reset();
    }
    know(
        new ClusterView.News(
            news.getRevision(),
            news.getBrokersList(),
            news.getTopicsList(),
            news.getUnknownTopicsList()));
  }

  @Override
  public void ended(MetadataWatch ended, Status status) {
    long delayMs;
    synchronized (this) {
      if (ended != watch) {
        return;
      }
      watch = null;
      // An older broker; it passes on all that it does not lead, or leads all.
      untold = status.getCode() == Status.Code.UNIMPLEMENTED;
      if (untold) {
        return;
      }
      delayMs = again.nextMs();
    }
    connection.retryConnect();
    watchSoon(delayMs);
  }
}
