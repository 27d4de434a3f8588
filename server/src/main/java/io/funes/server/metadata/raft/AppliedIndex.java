package io.funes.server.metadata.raft;

import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;

/** How far the log has been applied here, and who waits for more. */
final class AppliedIndex {
  private final ConcurrentSkipListMap<Long, CompletableFuture<Void>> waiting =
      new ConcurrentSkipListMap<>();
  private volatile long applied = Long.MIN_VALUE;

  /** Done when the entry has been applied. */
  CompletableFuture<Void> reaches(long index) {
    CompletableFuture<Void> reached =
        waiting.computeIfAbsent(index, at -> new CompletableFuture<>());
    release(); // It may have been applied meanwhile.
    return reached;
  }

  /** An entry has been applied. */
  void is(long index) {
    applied = index;
    release();
  }

  private void release() {
    Map.Entry<Long, CompletableFuture<Void>> first;
    while ((first = waiting.firstEntry()) != null && first.getKey() <= applied) {
      waiting.remove(first.getKey(), first.getValue());
      first.getValue().complete(null);
    }
  }
}
