package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import io.funes.server.common.Scheduler;
import io.funes.server.metadata.TopicImage;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes the files of replicas that have ended, beside all else. */
final class ReplicaDeletions {
  private static final Logger LOG = LoggerFactory.getLogger(ReplicaDeletions.class);

  private final TopicFolders folders;
  private final Scheduler scheduler;

  /** Of partitions that have moved away, and may come back. */
  private final Map<PartitionId, FutureTask<Void>> underWay = new ConcurrentHashMap<>();

  ReplicaDeletions(TopicFolders folders, Scheduler scheduler) {
    this.folders = folders;
    this.scheduler = scheduler;
  }

  /** The partition has moved to other brokers. */
  void ofPartition(TopicImage topic, Replica gone) {
    PartitionId id = gone.id();
    FutureTask<Void> deletion =
        new FutureTask<>(
            () -> {
              deleteFiles(topic, Stream.of(gone));
              underWay.remove(id);
            },
            null);
    underWay.put(id, deletion);
    scheduler.execute(deletion);
  }

  /** The topic is deleted, and its id never comes back. */
  void ofTopic(TopicImage topic, Stream<Replica> gone) {
    scheduler.execute(() -> {
      deleteFiles(topic, gone);
      // Those that moved away before: the folder must be empty.
      underWay.keySet().stream()
          .filter(id -> id.topicId().equals(topic.id()))
          .forEach(this::finish);
      deleteFolder(topic);
    });
  }

  /**
   * Deletes what is left of the partition, before it comes back: its old files must not go when
   * there are new ones.
   */
  void finish(PartitionId id) {
    FutureTask<Void> deletion = underWay.get(id);
    if (deletion == null) {
      return;
    }
    deletion.run(); // Here, unless it has begun elsewhere.
    try {
      deletion.get();
    } catch (ExecutionException e) {
      LOG.error("{}: its old files were not deleted", id, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while old files of " + id + " are deleted", e);
    }
  }

  private static void deleteFiles(TopicImage topic, Stream<Replica> gone) {
    gone.forEach(replica -> {
      try {
        replica.log().delete();
      } catch (IOException e) {
        LOG.warn(
            "topic {}: not all files of partition {} are deleted: {}",
            topic.name(),
            replica.id().partition(),
            e.toString());
      }
    });
  }

  private void deleteFolder(TopicImage topic) {
    try {
      folders.delete(topic);
    } catch (IOException e) {
      LOG.warn("topic {}: its folder is not deleted: {}", topic.name(), e.toString());
    }
  }
}
