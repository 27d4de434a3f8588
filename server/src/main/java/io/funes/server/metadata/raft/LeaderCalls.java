package io.funes.server.metadata.raft;

import io.funes.server.common.Deadline;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.Ticker;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** Finds the leader, wherever it is, and asks it until it answers or the time is over. */
final class LeaderCalls {
  private static final long PAUSE_MS = 50;

  private final RaftChannel channel;
  private final Peer self;
  private final RaftHandler here;
  private final Supplier<Optional<Peer>> knownLeader;
  private final List<String> seeds;
  private final Supplier<List<String>> doors;
  private final long requestMs;
  private final Ticker ticker = Ticker.system();
  private final BooleanSupplier closed;

  /**
   * Asks for the leader from here.
   *
   * @param doors who can be asked without harm where no leader is known: one that was removed never
   *     hears of one
   * @param closed every search fails at its next step
   */
  LeaderCalls(
      RaftChannel channel,
      RaftConfig config,
      RaftHandler here,
      Supplier<Optional<Peer>> leader,
      Supplier<List<String>> doors,
      BooleanSupplier closed) {
    this.channel = channel;
    this.self = config.self();
    this.here = here;
    this.knownLeader = leader;
    this.doors = doors;
    this.closed = closed;
    this.seeds =
        config.start() instanceof RaftConfig.Start.Join join ? join.seeds() : List.<String>of();
    this.requestMs = config.tuning().requestMs();
  }

  /** A call's body; another one where the leader may have had the first. */
  interface Body {
    byte[] bytes(boolean repeated);
  }

  /**
   * Fails with a {@link io.funes.server.common.RefusedException}: the leader's own, or
   * BROKER_UNAVAILABLE after the time.
   */
  CompletableFuture<ByteString> call(RaftCall kind, Body body, long timeoutMs) {
    Search search = new Search(kind, body, timeoutMs);
    search.ask("");
    return search
        .result
        .orTimeout(timeoutMs + PAUSE_MS, TimeUnit.MILLISECONDS)
        .exceptionally(e -> {
          throw e instanceof TimeoutException ? search.unavailable().exception() : passOn(e);
        });
  }

  private static RuntimeException passOn(Throwable e) {
    return e instanceof RuntimeException known ? known : new CompletionException(e);
  }

  private final class Search {
    private final CompletableFuture<ByteString> result = new CompletableFuture<>();
    private final RaftCall kind;
    private final Body body;
    private final Deadline deadline;
    private int nextSeed;
    private boolean repeated;
    private volatile String obstacle = "no leader is known";

    Search(RaftCall kind, Body body, long timeoutMs) {
      this.kind = kind;
      this.body = body;
      this.deadline = Deadline.after(TimeUnit.MILLISECONDS.toNanos(timeoutMs), ticker);
    }

    /** Steps follow one another, each on the thread that ended the one before. */
    void ask(String hint) {
      if (closed.getAsBoolean() || deadline.passedAt(ticker.nanos())) {
        result.completeExceptionally(unavailable().exception());
        return;
      }
      Optional<Peer> leader = knownLeader.get();
      try {
        if (leader.isPresent() && leader.get().nodeId() == self.nodeId()) {
          await(here.handle(kind, body.bytes(repeated)));
          return;
        }
        String address = leader.map(Peer::address).filter(known -> !known.isEmpty()).orElse(hint);
        List<String> others = seeds.isEmpty() && kind == RaftCall.COMMITTED ? doors.get() : seeds;
        if (address.isEmpty() && !others.isEmpty()) {
          address = others.get(nextSeed++ % others.size());
        }
        if (address.isEmpty()) {
          later("");
        } else {
          await(channel.call(address, kind, body.bytes(repeated), requestMs));
        }
      } catch (IOException | RuntimeException e) {
        unknown(e.toString());
      }
    }

    private void await(CompletableFuture<byte[]> answer) {
      var _ =
          answer.whenComplete((bytes, error) -> {
            if (error != null) {
              unknown(error.toString());
              return;
            }
            try {
              take(Answer.from(bytes));
            } catch (IOException e) {
              unknown(e.toString());
            }
          });
    }

    private void take(Answer answer) {
      switch (answer) {
        case Answer.Done(ByteString bytes) -> result.complete(bytes);
        case Answer.NotLeader(String leaderAddress) -> later(leaderAddress);
        case Answer.Unknown(String why) -> unknown(why);
        case Answer.Refused refused -> result.completeExceptionally(refused.refusal().exception());
      }
    }

    private void unknown(String why) {
      obstacle = why;
      repeated = true;
      later("");
    }

    private void later(String hint) {
      Executor pause = CompletableFuture.delayedExecutor(PAUSE_MS, TimeUnit.MILLISECONDS);
      pause.execute(() -> ask(hint));
    }

    Refusal unavailable() {
      return closed.getAsBoolean()
          ? Refusal.of(
              ErrorCode.BROKER_UNAVAILABLE,
              "the metadata log of this broker has ended: try another broker")
          : Refusal.of(
                  ErrorCode.BROKER_UNAVAILABLE,
                  "the metadata log does not answer (%s): try again".formatted(obstacle))
              .with("obstacle", obstacle);
    }
  }
}
