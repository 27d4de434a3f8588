package io.funes.server.metadata.raft;

import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;

/**
 * Tells listeners of each change. Ratis reports them on several threads, so a report here only
 * makes the one thread look at how things are.
 */
final class Leadership {
  private final List<LeadershipListener> listeners = new CopyOnWriteArrayList<>();
  private final ExecutorService events =
      Executors.newSingleThreadExecutor(
          Thread.ofPlatform().daemon().name("funes-raft-leadership").factory());
  private final Supplier<OptionalLong> ledTerm;
  private OptionalLong told = OptionalLong.empty();

  /**
   * @param ledTerm the term in which this broker leads and is ready
   */
  Leadership(Supplier<OptionalLong> ledTerm) {
    this.ledTerm = ledTerm;
  }

  void subscribe(LeadershipListener listener) {
    execute(() -> {
      told.ifPresentOrElse(listener::leading, listener::following);
      listeners.add(listener);
    });
  }

  void changed() {
    execute(this::tell);
  }

  void close() {
    events.shutdown();
  }

  private void tell() {
    OptionalLong now = ledTerm.get();
    if (now.equals(told)) {
      return;
    }
    if (told.isPresent()) {
      listeners.forEach(LeadershipListener::following);
    }
    told = now;
    now.ifPresent(term -> listeners.forEach(listener -> listener.leading(term)));
  }

  private void execute(Runnable event) {
    try {
      events.execute(event);
    } catch (RejectedExecutionException e) {
      // Closed: nobody listens.
    }
  }
}
