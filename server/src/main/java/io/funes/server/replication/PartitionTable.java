package io.funes.server.replication;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import io.funes.server.log.LogConfig;
import io.funes.server.log.LogEnvironment;
import io.funes.server.log.PartitionLog;
import io.funes.server.metadata.MetadataDelta;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataListener;
import io.funes.server.metadata.TopicConfigs;
import io.funes.server.metadata.TopicImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics and partitions that this broker serves, kept in step with the metadata: opens the logs
 * of new topics, passes on changed configs, removes deleted topics. Changed by the thread that
 * applies the metadata log, read by all.
 */
public final class PartitionTable implements MetadataListener {
  private static final Logger LOG = LoggerFactory.getLogger(PartitionTable.class);

  private final Map<String, ServedTopic> topics = new ConcurrentHashMap<>();
  private final TopicFolders folders;
  private final LogEnvironment logEnvironment;
  private final PartitionEnvironment environment;
  private final TopicRulesSource rules;

  public PartitionTable(
      Path dataFolder,
      LogEnvironment logEnvironment,
      PartitionEnvironment environment,
      TopicRulesSource rules) {
    this.folders = new TopicFolders(dataFolder);
    this.logEnvironment = logEnvironment;
    this.environment = environment;
    this.rules = rules;
  }

  /** The topic of this name; of this id too, unless {@code topicId} is empty. */
  public ServedTopic topic(String name, String topicId) {
    ServedTopic topic = topics.get(name);
    if (topic == null) {
      TopicName legal = new TopicName(name);
      throw unknown(legal).exception();
    }
    if (!topicId.isEmpty() && !topic.image().id().equals(TopicId.parse(topicId))) {
      throw Refusal.of(
              ErrorCode.TOPIC_ID_MISMATCH,
              "topic %s has id %s, not %s: it was deleted and created again"
                  .formatted(name, topic.image().id(), topicId))
          .with("topic", name)
          .with("topic_id", topic.image().id())
          .exception();
    }
    return topic;
  }

  public Stream<LeaderPartition> partitions() {
    return topics.values().stream().flatMap(topic -> topic.partitions().stream());
  }

  public int topicCount() {
    return topics.size();
  }

  @Override
  public void changed(MetadataImage image, MetadataDelta delta) {
    delta.created().forEach(this::open);
    delta.changed().forEach(change -> change(change.after()));
    delta.deleted().forEach(this::delete);
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

  private void open(TopicImage image) {
    TopicConfigs configs = rules.configs(image);
    TopicRules topicRules = rules.rules(configs);
    List<LeaderPartition> partitions =
        DiskWorkers.map(
            IntStream.range(0, image.partitions().size()).boxed().toList(),
            number -> open(image, number, configs, topicRules));
    topics.put(image.name().value(), new ServedTopic(image, topicRules, partitions));
  }

  private LeaderPartition open(
      TopicImage image, int number, TopicConfigs configs, TopicRules topicRules) {
    PartitionId id = image.partitionId(number);
    Path folder = folders.of(image).resolve(Integer.toString(number));
    try {
      PartitionLog log = PartitionLog.open(folder, id, logConfig(configs), logEnvironment);
      int epoch = image.partitions().get(number).leaderEpoch();
      return new LeaderPartition(id, epoch, log, topicRules, environment);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open " + folder, e);
    }
  }

  private void change(TopicImage after) {
    TopicConfigs configs = rules.configs(after);
    TopicRules topicRules = rules.rules(configs);
    ServedTopic before = topics.get(after.name().value());
    List<LeaderPartition> partitions = new ArrayList<>(before.partitions());
    for (LeaderPartition partition : partitions) {
      partition.log().configure(logConfig(configs));
      partition.configure(topicRules);
    }
    for (int number = partitions.size(); number < after.partitions().size(); number++) {
      partitions.add(open(after, number, configs, topicRules));
    }
    topics.put(after.name().value(), new ServedTopic(after, topicRules, List.copyOf(partitions)));
  }

  private void delete(TopicImage image) {
    ServedTopic topic = topics.remove(image.name().value());
    if (topic == null) {
      return;
    }
    topic.partitions().forEach(partition -> partition.close(unknown(image.name())));
    logEnvironment.scheduler().execute(() -> deleteFiles(topic));
  }

  private void deleteFiles(ServedTopic topic) {
    try {
      for (LeaderPartition partition : topic.partitions()) {
        partition.log().delete();
      }
      folders.delete(topic.image());
    } catch (IOException e) {
      LOG.warn(
          "topic {} is deleted, but not all of its files: {}", topic.image().name(), e.toString());
    }
  }

  /**
   * Ends service with {@code why} and closes all logs, each with a checkpoint; false where one did
   * not close well.
   */
  public boolean close(Refusal why) {
    List<LeaderPartition> all = partitions().toList();
    all.forEach(partition -> partition.close(why));
    return !DiskWorkers.map(all, PartitionTable::closeLog).contains(false);
  }

  private static boolean closeLog(LeaderPartition partition) {
    try {
      partition.log().close();
      return true;
    } catch (IOException | RuntimeException e) {
      LOG.error("partition {} did not close well; the next start recovers it", partition.id(), e);
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

  private static Refusal unknown(TopicName name) {
    return Refusal.of(
            ErrorCode.UNKNOWN_TOPIC,
            "topic %s does not exist: create it, or check the name".formatted(name))
        .with("topic", name);
  }
}
