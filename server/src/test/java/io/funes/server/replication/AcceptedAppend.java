package io.funes.server.replication;

import io.funes.server.common.Refusal;

/** An append that must succeed, and whose answer does not matter. */
final class AcceptedAppend implements AppendCallback {
  @Override
  public void appended(long baseOffset, long lastOffset, long appendTimeMs, boolean deduplicated) {}

  @Override
  public void refused(Refusal refusal) {
    throw new AssertionError(refusal);
  }
}
