package io.funes.server.metadata.raft;

import java.io.File;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.ratis.RaftConfigKeys;
import org.apache.ratis.conf.RaftProperties;
import org.apache.ratis.server.RaftServerConfigKeys;
import org.apache.ratis.server.RaftServerConfigKeys.LeaderElection;
import org.apache.ratis.server.RaftServerConfigKeys.Log;
import org.apache.ratis.server.RaftServerConfigKeys.RetryCache;
import org.apache.ratis.server.RaftServerConfigKeys.Rpc;
import org.apache.ratis.server.RaftServerConfigKeys.Snapshot;
import org.apache.ratis.server.RaftServerConfigKeys.Write;
import org.apache.ratis.util.SizeInBytes;
import org.apache.ratis.util.TimeDuration;

/** Ratis' settings for a quorum of one voter inside the broker. */
final class RaftSettings {
  /** Largest log entry. */
  static final SizeInBytes ENTRY_BYTES_MAX = SizeInBytes.valueOf("1MB");

  private RaftSettings() {}

  static RaftProperties oneVoter(RaftConfig config) {
    RaftProperties properties = new RaftProperties();
    File folder = config.folder().toFile();
    RaftServerConfigKeys.setStorageDir(properties, List.of(folder));
    RaftServerConfigKeys.setRemovedGroupsDir(properties, new File(folder, "removed"));
    RaftServerConfigKeys.setStorageFreeSpaceMin(properties, SizeInBytes.valueOf("64MB"));
    setTimes(properties);
    setLog(properties);
    setSnapshots(properties, config.snapshotEvery());
    RaftConfigKeys.Rpc.setType(properties, new OneVoterRpc());
    return properties;
  }

  /** There is nobody to wait for: elect at once, and never step down for a pause. */
  private static void setTimes(RaftProperties properties) {
    Rpc.setTimeoutMin(properties, millis(150));
    Rpc.setTimeoutMax(properties, millis(300));
    Rpc.setFirstElectionTimeoutMin(properties, millis(1));
    Rpc.setFirstElectionTimeoutMax(properties, millis(2));
    TimeDuration hour = TimeDuration.valueOf(1, TimeUnit.HOURS);
    LeaderElection.setLeaderStepDownWaitTime(properties, hour);
    RaftServerConfigKeys.setCloseThreshold(properties, hour);
  }

  /** Every acknowledged command is on the disk; waiting ones share a flush. */
  private static void setLog(RaftProperties properties) {
    Log.setUnsafeFlushEnabled(properties, false);
    Log.setAsyncFlushEnabled(properties, false);
    Log.setLogMetadataEnabled(properties, false);
    // Purging takes whole segments, and what is left is read at every start: 256 KB are some 2,000
    // commands.
    Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("256KB"));
    Log.setPreallocatedSize(properties, SizeInBytes.valueOf("64KB"));
    Log.Appender.setBufferByteLimit(properties, ENTRY_BYTES_MAX);
    Log.setWriteBufferSize(properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX.getSize() + 8));
    Log.setSegmentCacheNumMax(properties, 2);
    Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("16MB"));
    Write.setByteLimit(properties, SizeInBytes.valueOf("16MB"));
    // No command is sent twice from inside the process; the default keeps a minute of answers in
    // memory.
    RetryCache.setExpiryTime(properties, TimeDuration.valueOf(5, TimeUnit.SECONDS));
  }

  /**
   * The log begins well below every snapshot (preservation): where it begins right above one, Ratis
   * 3.3.0 can send it to a follower again and again (RATIS-2500).
   */
  private static void setSnapshots(RaftProperties properties, long snapshotEvery) {
    Snapshot.setAutoTriggerEnabled(properties, true); // Also what makes it take one when it stops.
    Snapshot.setAutoTriggerThreshold(properties, snapshotEvery);
    Snapshot.setRetentionFileNum(properties, 1);
    Log.setPurgeUptoSnapshotIndex(properties, true);
    Log.setPurgePreservationLogNum(properties, 1_000);
  }

  private static TimeDuration millis(long count) {
    return TimeDuration.valueOf(count, TimeUnit.MILLISECONDS);
  }
}
