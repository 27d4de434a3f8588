package io.funes.server.replication;

import io.funes.server.common.Refusal;
import java.util.ArrayDeque;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Appends in offset order that are answered when the high watermark passes them. */
final class WaitingAppends {
  private static final Logger LOG = LoggerFactory.getLogger(WaitingAppends.class);

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
      answer(waiting.poll()::complete);
    }
  }

  void refuse(Refusal why) {
    for (WaitingAppend append; (append = waiting.poll()) != null; ) {
      AppendCallback callback = append.callback;
      answer(() -> callback.refused(why));
    }
  }

  /** Whoever cannot be answered holds up none of the others, nor those that watch the watermark. */
  private static void answer(Runnable answer) {
    try {
      answer.run();
    } catch (RuntimeException | Error e) {
      LOG.error("an append could not be answered", e);
    }
  }
}
