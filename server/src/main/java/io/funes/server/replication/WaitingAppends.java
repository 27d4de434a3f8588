package io.funes.server.replication;

import io.funes.server.common.Refusal;
import java.util.ArrayDeque;

/** Appends in offset order that are answered when the high watermark passes them. */
final class WaitingAppends {
  private final ArrayDeque<WaitingAppend> waiting = new ArrayDeque<>();

  /** One append and who asked for it. */
  record WaitingAppend(
      long baseOffset,
      long lastOffset,
      long appendTimeMs,
      boolean deduplicated,
      AppendCallback callback) {
    void complete() {
      callback.appended(baseOffset, lastOffset, appendTimeMs, deduplicated);
    }
  }

  void add(WaitingAppend append) {
    waiting.add(append);
  }

  /**
   * In the order of their asking: a repeated batch that waits behind newer ones is answered with
   * them.
   */
  void completeBelow(long highWatermark) {
    while (!waiting.isEmpty() && waiting.peek().lastOffset < highWatermark) {
      waiting.poll().complete();
    }
  }

  void refuse(Refusal why) {
    for (WaitingAppend append; (append = waiting.poll()) != null; ) {
      append.callback.refused(why);
    }
  }
}
