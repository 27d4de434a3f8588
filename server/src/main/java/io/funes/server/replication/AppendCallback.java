package io.funes.server.replication;

import io.funes.server.common.Refusal;

/** Takes the outcome of an append, once, perhaps on another thread. Must not block. */
public interface AppendCallback {
  void appended(long baseOffset, long lastOffset, long appendTimeMs, boolean deduplicated);

  /**
   * The batch is not acknowledged. It may be in the log, since its flush failed for example, or not
   * have been written at all.
   */
  void refused(Refusal refusal);
}
