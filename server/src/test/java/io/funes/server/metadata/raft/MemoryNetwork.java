package io.funes.server.metadata.raft;

import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls between brokers of one process, each of which can be cut off. */
final class MemoryNetwork implements AutoCloseable {
  private final Map<String, RaftHandler> handlers = new ConcurrentHashMap<>();
  private final Set<String> cutOff = ConcurrentHashMap.newKeySet();
  private final ExecutorService calls =
      Executors.newThreadPerTaskExecutor(Thread.ofPlatform().daemon().factory());
  private final Map<RaftCall, AtomicInteger> answered = new ConcurrentHashMap<>();
  private final AtomicInteger answersToLose = new AtomicInteger();
  private volatile Arrival arrival = (_, _, _) -> {};

  /** Sees each call before the one that it is for, on a thread of this call, which may wait. */
  interface Arrival {
    void of(String address, RaftCall kind, byte[] body) throws Exception;
  }

  /** What the broker at this address calls the others through. */
  RaftChannel from(String caller) {
    return (address, kind, body, timeoutMs) -> {
      CompletableFuture<byte[]> answer = new CompletableFuture<>();
      calls.execute(() -> carry(caller, address, kind, body, answer));
      return answer
          .orTimeout(timeoutMs, TimeUnit.MILLISECONDS)
          .exceptionally(e -> {
            throw new CompletionException(
                e instanceof IOException ? e : new IOException(e.toString(), e));
          });
    };
  }

  void listen(String address, RaftHandler handler) {
    handlers.put(address, handler);
  }

  void hangUp(String address) {
    handlers.remove(address);
  }

  /** From now on nothing reaches the broker, or leaves it. */
  void cutOff(String address) {
    cutOff.add(address);
  }

  void heal() {
    cutOff.clear();
  }

  /** The next so many commands are carried out and their answers lost. */
  void loseAnswers(int commands) {
    answersToLose.set(commands);
  }

  void onArrival(Arrival arrival) {
    this.arrival = arrival;
  }

  int answered(RaftCall kind) {
    AtomicInteger count = answered.get(kind);
    return count == null ? 0 : count.get();
  }

  @Override
  public void close() {
    calls.shutdownNow();
  }

  private void carry(
      String caller, String address, RaftCall kind, byte[] body, CompletableFuture<byte[]> answer) {
    RaftHandler handler = handlers.get(address);
    if (handler == null || cutOff.contains(caller) || cutOff.contains(address)) {
      answer.completeExceptionally(new IOException(address + " is out of reach of " + caller));
      return;
    }
    try {
      arrival.of(address, kind, body);
      var _ =
          handler
              .handle(kind, body)
              .whenComplete((bytes, error) -> {
                if (error != null) {
                  answer.completeExceptionally(new IOException(error));
                } else if (cutOff.contains(caller) || cutOff.contains(address) || loses(kind)) {
                  answer.completeExceptionally(new IOException("the answer was lost"));
                } else {
                  answered.computeIfAbsent(kind, k -> new AtomicInteger()).incrementAndGet();
                  answer.complete(bytes);
                }
              });
    } catch (Exception e) {
      answer.completeExceptionally(new IOException(e));
    }
  }

  private boolean loses(RaftCall kind) {
    return kind == RaftCall.SUBMIT && answersToLose.getAndUpdate(left -> Math.max(0, left - 1)) > 0;
  }
}
