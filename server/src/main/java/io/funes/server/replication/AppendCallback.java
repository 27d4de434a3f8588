package io.funes.server.replication;

import io.funes.server.common.Refusal;

/** Takes the outcome of an append, once, perhaps on another thread. Must not block. */
public interface AppendCallback {
  void appended(long baseOffset, long lastOffset, long appendTimeMs, boolean deduplicated);

  /** The batch is in the log but cannot be acknowledged, for example since its flush failed. */
  void refused(Refusal refusal);
}
