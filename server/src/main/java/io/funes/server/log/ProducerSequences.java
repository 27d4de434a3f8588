package io.funes.server.log;

import io.funes.server.log.ProducerCheckpoint.ProducedBatch;
import io.funes.server.log.ProducerCheckpoint.ProducerState;
import io.funes.server.record.BatchLayout;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;

/**
 * The newest five batches of every producer of a partition: enough to know a retry from a new batch
 * and a new batch from one that overtook another, for producers with up to five batches in flight.
 *
 * <p>A fold over the partition's log: {@link #record} takes what the log holds and does not judge,
 * {@link #check} judges and changes nothing but who is forgotten first. Each call is atomic; a
 * check and the append that relies on it need one writer per partition. An unknown producer may
 * start at any sequence, since its state may have gone with old segments or by expiry; a new epoch
 * starts at 0; after {@link Integer#MAX_VALUE} comes 0.
 *
 * <p>{@link #cutTo} goes back. The newest batch that a producer keeps tells its epoch and what it
 * sends next; what it may still repeat is kept too, since it had the answers to all older ones
 * before it sent the newest of those that are cut. One batch more is kept than may be in flight, so
 * that a cut of all of these leaves one.
 */
public final class ProducerSequences {
  /** Batches of one producer that may be in flight. */
  public static final int BATCHES_IN_FLIGHT = 5;

  private static final int BATCHES_KEPT = BATCHES_IN_FLIGHT + 1;

  /** Of a producer that a checkpoint tells of: before anything that is cut. */
  private static final long BEFORE_ALL = -1;

  private final int producersMax;
  private final LinkedHashMap<Long, Producer> producers = new LinkedHashMap<>(16, 0.75f, true);

  /** Most batches follow one of the same producer: found without a look-up. */
  private Producer latest;

  /** Offset of the newest batch that had a producer forgotten to make room for its own. */
  private long evictedAt = BEFORE_ALL;

  public ProducerSequences(int producersMax) {
    this.producersMax = producersMax;
  }

  /** Judges a batch before it is appended. */
  public synchronized Verdict check(long producerId, int epoch, int baseSequence, int recordCount) {
    Producer producer = find(producerId);
    if (producer == null) {
      return Verdict.Fresh.VERDICT;
    }
    if (epoch < producer.epoch) {
      return new Verdict.StaleEpoch(producer.epoch);
    }
    if (epoch > producer.epoch) {
      return baseSequence == 0 ? Verdict.Fresh.VERDICT : new Verdict.Gap(0);
    }
    int slot = producer.find(baseSequence, recordCount);
    if (slot >= 0) {
      return producer.duplicate(slot);
    }
    int expected = producer.nextSequence();
    return baseSequence == expected ? Verdict.Fresh.VERDICT : new Verdict.Gap(expected);
  }

  /**
   * As {@link #check}, for a producer that leaves the choice of the partition to the broker: what
   * went elsewhere is missing here, so its numbers only rise, and a new epoch begins anywhere. Of
   * the circle of numbers, the half behind the expected one counts as higher.
   */
  public synchronized Verdict checkRising(
      long producerId, int epoch, int baseSequence, int recordCount) {
    Verdict verdict = check(producerId, epoch, baseSequence, recordCount);
    return verdict instanceof Verdict.Gap gap
            && (epoch > find(producerId).epoch || rises(gap.expectedSequence(), baseSequence))
        ? Verdict.Fresh.VERDICT
        : verdict;
  }

  private static boolean rises(int from, int to) {
    return ((to - from) & Integer.MAX_VALUE) < 1 << 30;
  }

  /** Takes over a batch that stands in the log. */
  public synchronized void record(
      long producerId,
      int epoch,
      int baseSequence,
      int recordCount,
      long baseOffset,
      long lastOffset,
      long appendTimeMs,
      long heardMs) {
    Producer producer = find(producerId);
    if (producer == null) {
      evictedAt = producers.size() < producersMax ? evictedAt : baseOffset;
      producer = add(new Producer(producerId, epoch, baseOffset));
    } else if (epoch != producer.epoch) {
      producer.begin(epoch);
    }
    producer.lastHeardMs = heardMs;
    producer.add(baseSequence, recordCount, baseOffset, lastOffset, appendTimeMs);
  }

  /** Takes over the batch whose header stands at {@code at}, if a producer numbered it. */
  void replay(ByteBuffer header, int at, long heardMs) {
    long producerId = BatchLayout.producerId(header, at);
    if (producerId != 0) {
      record(
          producerId,
          BatchLayout.producerEpoch(header, at),
          BatchLayout.baseSequence(header, at),
          BatchLayout.recordCount(header, at),
          BatchLayout.baseOffset(header, at),
          BatchLayout.lastOffset(header, at),
          BatchLayout.appendTimeMs(header, at),
          heardMs);
    }
  }

  /** Forgets producers that were last heard before {@code beforeMs}. */
  public synchronized void expire(long beforeMs) {
    if (producers.values().removeIf(producer -> producer.lastHeardMs < beforeMs)) {
      latest = null;
    }
  }

  /**
   * Forgets the batches from {@code endOffset} on. A producer that became known with one of them is
   * unknown again. Answers false where what is kept does not tell what was known before them, which
   * has to be replayed from the log then: a producer that was known keeps no batch, since it began
   * an epoch or wrote many, or one was forgotten to make room. Silence for which one was forgotten
   * is not undone.
   */
  synchronized boolean cutTo(long endOffset) {
    if (evictedAt >= endOffset) {
      return false;
    }
    latest = null;
    producers.values().removeIf(producer -> producer.knownFrom >= endOffset);
    return producers.values().stream().allMatch(producer -> producer.cutTo(endOffset));
  }

  public synchronized int size() {
    return producers.size();
  }

  /** The state to keep, with the offset below which all batches are in it. */
  synchronized ProducerCheckpoint checkpoint(
      long coveredOffset, List<LeaderEpochs.Boundary> epochs) {
    return new ProducerCheckpoint(
        coveredOffset, epochs, producers.values().stream().map(Producer::state).toList());
  }

  /** Begins again from a checkpoint. */
  synchronized void restore(ProducerCheckpoint checkpoint) {
    clear();
    for (ProducerState state : checkpoint.producers()) {
      Producer producer = add(new Producer(state.producerId(), state.epoch(), BEFORE_ALL));
      producer.lastHeardMs = state.lastHeardMs();
      for (ProducedBatch batch : state.batches()) {
        producer.add(
            batch.baseSequence(),
            batch.recordCount(),
            batch.baseOffset(),
            batch.lastOffset(),
            batch.appendTimeMs());
      }
    }
  }

  synchronized void clear() {
    producers.clear();
    latest = null;
    evictedAt = BEFORE_ALL;
  }

  private Producer find(long producerId) {
    if (latest == null || latest.producerId != producerId) {
      Producer found = producers.get(producerId);
      if (found == null) {
        return null;
      }
      latest = found;
    }
    return latest;
  }

  private Producer add(Producer producer) {
    if (producers.size() >= producersMax) {
      producers.pollFirstEntry();
    }
    producers.put(producer.producerId, producer);
    latest = producer;
    return producer;
  }

  /** A ring of batches of one epoch. */
  private static final class Producer {
    final long producerId;

    /** Offset of the batch with which it became known, in this epoch or an earlier one. */
    final long knownFrom;

    int epoch;
    long lastHeardMs;
    private final int[] baseSequences = new int[BATCHES_KEPT];
    private final int[] recordCounts = new int[BATCHES_KEPT];
    private final long[] baseOffsets = new long[BATCHES_KEPT];
    private final long[] lastOffsets = new long[BATCHES_KEPT];
    private final long[] appendTimes = new long[BATCHES_KEPT];
    private int count;
    private int newest = -1;

    Producer(long producerId, int epoch, long knownFrom) {
      this.producerId = producerId;
      this.epoch = epoch;
      this.knownFrom = knownFrom;
    }

    void begin(int newEpoch) {
      epoch = newEpoch;
      count = 0;
      newest = -1;
    }

    void add(
        int baseSequence, int recordCount, long baseOffset, long lastOffset, long appendTimeMs) {
      newest = (newest + 1) % BATCHES_KEPT;
      count = Math.min(count + 1, BATCHES_KEPT);
      baseSequences[newest] = baseSequence;
      recordCounts[newest] = recordCount;
      baseOffsets[newest] = baseOffset;
      lastOffsets[newest] = lastOffset;
      appendTimes[newest] = appendTimeMs;
    }

    /** Answers false where no batch is left. */
    boolean cutTo(long endOffset) {
      while (count > 0 && lastOffsets[newest] >= endOffset) {
        newest = slot(1);
        count--;
      }
      return count > 0;
    }

    int nextSequence() {
      return count == 0 ? 0 : (baseSequences[newest] + recordCounts[newest]) & Integer.MAX_VALUE;
    }

    /** Where the batch stands that is {@code older} batches older than the newest. */
    private int slot(int older) {
      return Math.floorMod(newest - older, BATCHES_KEPT);
    }

    /** Slot of the batch among those that may be in flight, -1 for none. */
    int find(int baseSequence, int recordCount) {
      for (int older = 0; older < Math.min(count, BATCHES_IN_FLIGHT); older++) {
        int slot = slot(older);
        if (baseSequences[slot] == baseSequence && recordCounts[slot] == recordCount) {
          return slot;
        }
      }
      return -1;
    }

    Verdict.Duplicate duplicate(int slot) {
      return new Verdict.Duplicate(baseOffsets[slot], lastOffsets[slot], appendTimes[slot]);
    }

    ProducerState state() {
      List<ProducedBatch> batches = new ArrayList<>(count);
      for (int older = count - 1; older >= 0; older--) {
        int slot = slot(older);
        batches.add(
            new ProducedBatch(
                baseSequences[slot],
                recordCounts[slot],
                baseOffsets[slot],
                lastOffsets[slot],
                appendTimes[slot]));
      }
      return new ProducerState(producerId, epoch, lastHeardMs, batches);
    }
  }
}
