package io.funes.server.replication;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.common.Scheduler;
import io.funes.server.metadata.MetadataDelta;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataListener;
import io.funes.server.metadata.TopicImage;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Appends that come before this broker has heard that it leads: a client may hear of a change of
 * leaders from a faster broker. They are held until the metadata is here; to send them to whoever
 * led before would only bring them back, a few round trips later.
 *
 * <p>The appends of a partition keep their order: while some are held, all that come wait behind
 * them.
 */
public final class EarlyAppends implements MetadataListener {
  private static final Logger LOG = LoggerFactory.getLogger(EarlyAppends.class);

  /** Brokers that are up hear of a change within a tenth of this. */
  private static final long WAIT_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

  /** Of all partitions; what does not fit is refused, and its sender tries again. */
  static final int BYTES_MAX = 16 << 20;

  private final PartitionTable table;
  private final Scheduler scheduler;
  private final Map<PartitionId, Held> held = new ConcurrentHashMap<>();
  private MetadataImage image = MetadataImage.EMPTY;
  private int heldBytes;

  /** What waits for one partition; guarded by the instance around it. */
  private static final class Held {
    final Queue<Append> appends = new ArrayDeque<>();
    final int leaderEpoch;
    boolean released;

    Held(int leaderEpoch) {
      this.leaderEpoch = leaderEpoch;
    }
  }

  private record Append(
      TopicImage topic,
      int partition,
      ByteBuffer entry,
      AppendTerms terms,
      AppendCallback callback) {}

  /**
   * Holds nothing yet.
   *
   * @param table hears of the metadata before this does
   */
  public EarlyAppends(PartitionTable table, Scheduler scheduler) {
    this.table = table;
    this.scheduler = scheduler;
  }

  /**
   * Appends the entry, now or when this broker has heard of the leader epoch.
   *
   * @param leaderEpoch that the sender knows of, 0 if it does not say
   * @throws RefusedException when nothing was written, nor will be
   */
  public void append(
      ServedTopic topic,
      int partition,
      int leaderEpoch,
      ByteBuffer entry,
      AppendTerms terms,
      AppendCallback callback) {
    boolean early = leaderEpoch > topic.leaderEpoch(partition) || !held.isEmpty();
    if (!early || !hold(topic, partition, leaderEpoch, entry, terms, callback)) {
      topic.leader(partition).append(entry, terms, callback);
    }
  }

  private synchronized boolean hold(
      ServedTopic topic,
      int partition,
      int leaderEpoch,
      ByteBuffer entry,
      AppendTerms terms,
      AppendCallback callback) {
    PartitionId id = topic.image().partitionId(partition);
    Held before = held.get(id);
    if (before == null && hasHeard(id, leaderEpoch)) {
      return false;
    }
    if (heldBytes + entry.remaining() > BYTES_MAX) {
      throw topic.notLeader(partition).exception();
    }
    heldBytes += entry.remaining();
    Held now = before == null ? begin(id, leaderEpoch) : before;
    now.appends.add(new Append(topic.image(), partition, copy(entry), terms, callback));
    return true;
  }

  private Held begin(PartitionId id, int leaderEpoch) {
    Held begun = new Held(leaderEpoch);
    held.put(id, begun);
    scheduler.schedule(() -> release(id, begun), WAIT_NANOS);
    return begun;
  }

  private static ByteBuffer copy(ByteBuffer entry) {
    return ByteBuffer.allocate(entry.remaining())
        .order(entry.order())
        .put(entry.duplicate())
        .flip();
  }

  /** Whoever finds that it has not heard is held before this, and released by it. */
  @Override
  public synchronized void changed(MetadataImage newImage, MetadataDelta delta) {
    image = newImage;
    held.forEach((id, waiting) -> {
      if (hasHeard(id, waiting.leaderEpoch)) {
        scheduler.execute(() -> release(id, waiting));
      }
    });
  }

  private boolean hasHeard(PartitionId id, int leaderEpoch) {
    return image
        .topic(id.topicId())
        .filter(topic -> id.partition() < topic.partitions().size()) // The table hears first.
        .map(topic -> topic.partitions().get(id.partition()).leaderEpoch() >= leaderEpoch)
        .orElse(true);
  }

  /** Carries out what is held, in order, and what comes meanwhile. */
  private void release(PartitionId id, Held waiting) {
    if (isReleased(waiting)) {
      return;
    }
    for (Append next = next(id, waiting); next != null; next = next(id, waiting)) {
      carryOut(next);
    }
  }

  private void carryOut(Append append) {
    try {
      TopicImage topic = append.topic();
      table
          .topic(topic.name().value(), topic.id().toString())
          .leader(append.partition())
          .append(append.entry(), append.terms(), append.callback());
    } catch (RefusedException e) {
      refuse(append, e.refusal());
    } catch (RuntimeException | Error e) {
      LOG.error("topic {}: a held append failed", append.topic().name(), e);
      refuse(append, Refusal.of(ErrorCode.INTERNAL, "the broker failed; its log has the cause"));
    }
  }

  /** Whatever fails here too, or all that comes later would wait behind it for ever. */
  private static void refuse(Append append, Refusal why) {
    try {
      append.callback().refused(why);
    } catch (RuntimeException | Error e) {
      LOG.error("topic {}: an append could not be answered", append.topic().name(), e);
    }
  }

  private synchronized boolean isReleased(Held waiting) {
    boolean before = waiting.released;
    waiting.released = true;
    return before;
  }

  private synchronized Append next(PartitionId id, Held waiting) {
    Append next = waiting.appends.poll();
    if (next == null) {
      held.remove(id, waiting);
    } else {
      heldBytes -= next.entry().remaining();
    }
    return next;
  }
}
