package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.Scheduler;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import io.funes.server.log.LogConfig;
import io.funes.server.log.LogEnvironment;
import io.funes.server.log.PartitionLog;
import io.funes.server.metadata.MetadataDelta;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataListener;
import io.funes.server.metadata.MetadataRefusals;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.metadata.TopicConfigs;
import io.funes.server.metadata.TopicImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics and partitions that this broker serves, kept in step with the metadata: opens the logs
 * of new topics, passes on changed configs, removes deleted topics. Changed by the thread that
 * applies the metadata log, read by all.
 */
public final class PartitionTable implements MetadataListener, FollowerFeed.Leaders {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionTable.class);

  private final Map<String, ServedTopic> topics = new ConcurrentHashMap<>();
  private final Map<PartitionId, Replica> replicas = new ConcurrentHashMap<>();
  private final TopicFolders folders;
  private final ReplicaDeletions deletions;
  private final LogEnvironment logEnvironment;
  private final PartitionEnvironment environment;
  private final TopicRulesSource rules;
  private final FollowerFeeds feeds;

  /** Nothing changes any more. */
  private boolean closed;

  /**
   * An empty one.
   *
   * @param pushers read logs for followers
   */
  public PartitionTable(
      Path dataFolder,
      LogEnvironment logEnvironment,
      PartitionEnvironment environment,
      TopicRulesSource rules,
      Scheduler pushers) {
    this.folders = new TopicFolders(dataFolder);
    this.deletions = new ReplicaDeletions(folders, logEnvironment.scheduler());
    this.logEnvironment = logEnvironment;
    this.environment = environment;
    this.rules = rules;
    this.feeds = new FollowerFeeds(this, pushers, environment.ticker(), environment.pushBytesMax());
  }

  /** Where the streams of followers arrive. */
  public FollowerFeeds feeds() {
    return feeds;
  }

  /** The topic of this name; of this id too, unless {@code topicId} is empty. */
  public ServedTopic topic(String name, String topicId) {
    ServedTopic topic = topics.get(name);
    if (topic == null) {
      throw MetadataRefusals.unknownTopic(new TopicName(name)).exception();
    }
    if (!topicId.isEmpty()) {
      requireId(topic.image(), TopicId.parse(topicId));
    }
    return topic;
  }

  private static void requireId(TopicImage topic, TopicId expected) {
    if (!topic.id().equals(expected)) {
      throw MetadataRefusals.topicIdMismatch(topic.name(), expected, topic.id()).exception();
    }
  }

  /** The partitions that this broker holds, as leader or follower. */
  Stream<Replica> replicas() {
    return replicas.values().stream();
  }

  /** What this broker holds of a partition; empty where it holds nothing. */
  public Optional<HeldReplica> held(PartitionId partition) {
    return Optional.ofNullable(replicas.get(partition)).map(HeldReplica::of);
  }

  public int replicaCount() {
    return replicas.size();
  }

  /** The partitions that this broker leads. */
  Stream<LeaderPartition> leaders() {
    return replicas().map(Replica::leader).filter(Objects::nonNull);
  }

  @Override
  public Optional<LeaderPartition> leader(PartitionId partition) {
    return Optional.ofNullable(replicas.get(partition)).map(Replica::leader);
  }

  @Override
  public int leaderEpoch(PartitionId partition) {
    Replica replica = replicas.get(partition);
    return replica == null ? -1 : replica.leaderEpoch();
  }

  public int topicCount() {
    return topics.size();
  }

  @Override
  public synchronized void changed(MetadataImage image, MetadataDelta delta) {
    if (closed) {
      return; // What the logs need is being closed too.
    }
    delta.deleted().forEach(this::delete); // First: a snapshot may bring one of the same name.
    delta.created().forEach(this::open);
    delta.changed().forEach(change -> change(change.after()));
  }

  /**
   * Sets folders aside that no topic of the image owns: what a crash in the middle of a deletion
   * leaves.
   */
  public void setStraysAside(MetadataImage image) throws IOException {
    Set<TopicId> known = new HashSet<>();
    image.topics().forEach(topic -> known.add(topic.id()));
    for (Path moved : folders.setStraysAside(known)) {
      LOG.warn(
          "{} belongs to no topic that the metadata knows; delete it when you are sure", moved);
    }
  }

  /**
   * Whether there is a folder for every replica that the image gives to this broker. Where one has
   * gone, this broker must not pass for one that has kept what it had.
   */
  public boolean hasAll(MetadataImage image) {
    for (TopicImage topic : image.topics()) {
      if (!hasAll(topic)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasAll(TopicImage topic) {
    for (int number = 0; number < topic.partitions().size(); number++) {
      Path folder = folders.of(topic, number);
      boolean held = topic.partitions().get(number).replicas().contains(environment.brokerId());
      if (held && !Files.isDirectory(folder)) {
        LOG.warn("{} is gone: what this broker had does not count", folder);
        return false;
      }
    }
    return true;
  }

  private void open(TopicImage image) {
    serve(image, Optional.empty());
  }

  private void change(TopicImage after) {
    serve(after, Optional.of(topics.get(after.name().value())));
  }

  /** Serves the topic as it is now; partitions that stay as they were are left alone. */
  private void serve(TopicImage image, Optional<ServedTopic> before) {
    TopicConfigs configs = rules.configs(image);
    TopicRules topicRules = rules.rules(configs);
    List<Integer> changed =
        IntStream.range(0, image.partitions().size())
            .filter(number -> before.map(served -> changes(served, image, number)).orElse(true))
            .boxed()
            .toList();
    Function<Integer, Optional<Replica>> serve =
        number -> serve(image, number, open(before, number), configs, topicRules);
    // Only what is opened waits for the disk.
    boolean opens = changed.stream().anyMatch(number -> isNewHere(image, number, before));
    List<Optional<Replica>> served =
        opens ? DiskWorkers.map(changed, serve) : changed.stream().map(serve).toList();
    List<Optional<Replica>> now =
        new ArrayList<>(before.map(ServedTopic::replicas).orElse(List.of()));
    now.addAll(Collections.nCopies(image.partitions().size() - now.size(), Optional.empty()));
    for (int i = 0; i < changed.size(); i++) {
      now.set(changed.get(i), served.get(i));
    }
    topics.put(image.name().value(), new ServedTopic(image, topicRules, now));
    served.forEach(replica -> replica.ifPresent(held -> feeds.changed(held.id())));
  }

  private static boolean changes(ServedTopic before, TopicImage after, int number) {
    List<PartitionImage> partitions = before.image().partitions();
    return number >= partitions.size()
        || !partitions.get(number).equals(after.partitions().get(number))
        || !before.image().configs().equals(after.configs());
  }

  private static Optional<Replica> open(Optional<ServedTopic> served, int number) {
    return served
        .map(ServedTopic::replicas)
        .filter(open -> number < open.size())
        .flatMap(open -> open.get(number));
  }

  private boolean isNewHere(TopicImage image, int number, Optional<ServedTopic> before) {
    return open(before, number).isEmpty()
        && image.partitions().get(number).replicas().contains(environment.brokerId());
  }

  private Optional<Replica> serve(
      TopicImage image,
      int number,
      Optional<Replica> open,
      TopicConfigs configs,
      TopicRules topicRules) {
    PartitionImage partition = image.partitions().get(number);
    boolean held = partition.replicas().contains(environment.brokerId());
    if (open.isEmpty()) {
      return held ? Optional.of(open(image, number, configs, topicRules)) : Optional.empty();
    }
    Replica replica = open.get();
    if (!held) {
      drop(image, replica);
      return Optional.empty();
    }
    replica.log().configure(logConfig(configs));
    replica.changed(partition, topicRules);
    return open;
  }

  private Replica open(TopicImage image, int number, TopicConfigs configs, TopicRules topicRules) {
    PartitionId id = image.partitionId(number);
    Path folder = folders.of(image, number);
    deletions.finish(id);
    try {
      PartitionImage partition = image.partitions().get(number);
      PartitionLog log =
          PartitionLog.open(
              folder, id, logConfig(configs), logEnvironment, partition.leaderEpoch());
      Replica replica = new Replica(id, partition, log, topicRules, environment);
      replicas.put(id, replica);
      return replica;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + folder, e);
    }
  }

  /** The partition has moved to other brokers. */
  private void drop(TopicImage image, Replica replica) {
    int number = replica.id().partition();
    replica.end(PartitionRefusals.notLeader(replica.id(), image.partitions().get(number)));
    replicas.remove(replica.id());
    deletions.ofPartition(image, replica);
  }

  private void delete(TopicImage image) {
    ServedTopic topic = topics.get(image.name().value());
    if (topic == null || !topic.image().id().equals(image.id())) {
      return;
    }
    topics.remove(image.name().value());
    topic
        .held()
        .forEach(replica -> {
          replica.end(MetadataRefusals.unknownTopic(image.name()));
          replicas.remove(replica.id());
        });
    deletions.ofTopic(image, topic.held());
  }

  /**
   * Ends service with {@code why} and closes all logs, each with a checkpoint; false where one did
   * not close well.
   */
  public boolean close(Refusal why) {
    synchronized (this) {
      closed = true;
    }
    List<Replica> all = replicas().toList();
    all.forEach(replica -> replica.end(why));
    environment.links().close();
    return !DiskWorkers.map(all, PartitionTable::closeLog).contains(false);
  }

  private static boolean closeLog(Replica replica) {
    try {
      replica.log().close();
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.error("partition {} did not close well; the next start recovers it", replica.id(), e);
      return false;
    }
  }

  private static LogConfig logConfig(TopicConfigs configs) {
    boolean deletes = configs.cleanupPolicy() != TopicConfigs.CleanupPolicy.COMPACT;
    return new LogConfig(
        configs.segmentBytes(),
        configs.segmentMs(),
        deletes ? configs.retentionMs() : -1,
        deletes ? configs.retentionBytes() : -1,
        configs.indexIntervalBytes());
  }
}
