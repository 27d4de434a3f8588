package io.funes.server.replication;

import java.util.concurrent.CopyOnWriteArrayList;

/** Who wants to know when there is more to read, or no longer anything. */
final class Watchers {
  private final CopyOnWriteArrayList<Runnable> all = new CopyOnWriteArrayList<>();

  void add(Runnable watcher) {
    all.add(watcher);
  }

  void remove(Runnable watcher) {
    all.remove(watcher);
  }

  void wake() {
    for (Runnable watcher : all) {
      watcher.run();
    }
  }
}
