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

/**
 * Ratis' settings. They are read once, at the start, and the number of voters changes later, so
 * they have to be right for one voter and for five. Only the wait before the first election must
 * differ, and that is read when it begins: see {@link #awaitOthers}.
 */
final class RaftSettings {
  /** Largest log entry. */
  static final SizeInBytes ENTRY_BYTES_MAX = SizeInBytes.valueOf("1MB");

  /** A listener this many entries behind may become a voter. */
  static final int CATCHUP_GAP = 1_000;

  private RaftSettings() {}

  static RaftProperties of(RaftConfig config) {
    RaftProperties properties = new RaftProperties();
    File folder = config.folder().toFile();
    RaftServerConfigKeys.setStorageDir(properties, List.of(folder));
    RaftServerConfigKeys.setRemovedGroupsDir(properties, new File(folder, "removed"));
    RaftServerConfigKeys.setStorageFreeSpaceMin(properties, SizeInBytes.valueOf("64MB"));
    setTimes(properties, config.tuning());
    setLog(properties, config.tuning());
    setSnapshots(properties, config.tuning());
    RaftConfigKeys.Rpc.setType(properties, new ChannelRpc());
    return properties;
  }

  /**
   * For a broker that knows of other voters. Alone it elects itself at once; with such a short wait
   * for their votes it would ask again and again before any answer can come.
   */
  static void awaitOthers(RaftProperties properties) {
    Rpc.setFirstElectionTimeoutMin(properties, millis(200));
    Rpc.setFirstElectionTimeoutMax(properties, millis(500));
  }

  private static void setTimes(RaftProperties properties, RaftTuning tuning) {
    Rpc.setTimeoutMin(properties, millis(tuning.electionMinMs()));
    Rpc.setTimeoutMax(properties, millis(tuning.electionMaxMs()));
    Rpc.setFirstElectionTimeoutMin(properties, millis(1));
    Rpc.setFirstElectionTimeoutMax(properties, millis(2));
    Rpc.setRequestTimeout(properties, millis(tuning.requestMs()));
    // Between two tries to reach a follower that is down.
    Rpc.setSleepTime(properties, millis(tuning.electionMinMs() / 5));
    // For a leader that lost its majority the time in which it does not stand again, so short; for
    // one that a pause held up (alone or not) the pause that it steps down after.
    LeaderElection.setLeaderStepDownWaitTime(properties, millis(stepDownMs(tuning)));
    // Raft stays safe through any pause; a broker that was stopped for a minute need not die of it.
    RaftServerConfigKeys.setCloseThreshold(properties, TimeDuration.valueOf(1, TimeUnit.HOURS));
    // Silence of a broker that is being added, after which the change fails.
    RaftServerConfigKeys.setStagingTimeout(properties, millis(20 * tuning.electionMinMs()));
    RaftServerConfigKeys.setStagingCatchupGap(properties, CATCHUP_GAP);
    // Longer than anybody repeats a command; the default keeps a minute of answers in memory.
    RetryCache.setExpiryTime(properties, millis(2 * tuning.submitMs()));
  }

  static long stepDownMs(RaftTuning tuning) {
    return 10 * tuning.electionMinMs();
  }

  /** Every acknowledged command is on the disk; waiting ones share a flush. */
  private static void setLog(RaftProperties properties, RaftTuning tuning) {
    Log.setUnsafeFlushEnabled(properties, false);
    Log.setAsyncFlushEnabled(properties, false);
    Log.setLogMetadataEnabled(properties, false);
    // Purging takes whole segments, and what is left is read at every start: 256 KB are some 2,000
    // commands.
    Log.setSegmentSizeMax(properties, SizeInBytes.valueOf("256KB"));
    Log.setPreallocatedSize(properties, SizeInBytes.valueOf("64KB"));
    Log.Appender.setBufferByteLimit(properties, ENTRY_BYTES_MAX);
    Log.setWriteBufferSize(properties, SizeInBytes.valueOf(ENTRY_BYTES_MAX.getSize() + 8));
    Log.setSegmentCacheNumMax(properties, 4);
    Log.setSegmentCacheSizeMax(properties, SizeInBytes.valueOf("16MB"));
    Log.setPurgeUptoSnapshotIndex(properties, true); // A member that is down must not fill disks.
    Log.setPurgeGap(properties, tuning.purgeGap());
    Write.setByteLimit(properties, SizeInBytes.valueOf("16MB"));
  }

  /**
   * The log begins well below every snapshot (preservation): where it begins right above one, Ratis
   * 3.3.0 can send it to a follower again and again (RATIS-2500).
   */
  private static void setSnapshots(RaftProperties properties, RaftTuning tuning) {
    Snapshot.setAutoTriggerEnabled(properties, true); // Also what makes it take one when it stops.
    Snapshot.setAutoTriggerThreshold(properties, tuning.snapshotEvery());
    Snapshot.setRetentionFileNum(properties, 2); // The older one may be on its way to a follower.
    Log.setPurgePreservationLogNum(properties, tuning.kept());
    Log.Appender.setSnapshotChunkSizeMax(properties, SizeInBytes.valueOf(tuning.chunkBytes()));
  }

  private static TimeDuration millis(long count) {
    return TimeDuration.valueOf(count, TimeUnit.MILLISECONDS);
  }
}
