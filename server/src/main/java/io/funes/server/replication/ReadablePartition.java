package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import io.funes.server.common.RefusedException;
import io.funes.server.log.LogSlice;
import io.funes.server.log.TimedOffset;
import java.util.Optional;

/**
 * What readers need of a partition, whether this broker leads it or follows in sync. What it shows
 * is the view of one role in one leader epoch; when that is over, or the follower is no longer in
 * sync, every read is refused and the reader binds anew.
 */
public interface ReadablePartition {
  PartitionId id();

  long logStartOffset();

  /** One past the last offset that readers see here. */
  long highWatermark();

  /**
   * Whole batches from the one that holds {@code offset}, below the high watermark and the limit;
   * perhaps none. The caller closes the slice.
   *
   * @throws RefusedException as out of range by a leader, for the leader to judge by a follower
   */
  LogSlice read(long offset, int bytesMax, long limitOffset);

  /** The first record at or after a time, if one is below the high watermark. */
  Optional<TimedOffset> offsetForTime(long timestampMs);

  /**
   * Runs {@code watcher} after each move of the high watermark, and when reads are refused from now
   * on. It must not block.
   */
  void watch(Runnable watcher);

  void unwatch(Runnable watcher);
}
