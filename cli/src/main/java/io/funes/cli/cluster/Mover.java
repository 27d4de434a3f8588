package io.funes.cli.cluster;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.client.Admin;
import io.funes.client.ErrorReason;
import io.funes.client.FunesException;
import io.funes.client.Reassignment;
import io.funes.client.TopicPartition;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Carries out moves, a few at a time, and waits until all have arrived. What is under way is asked
 * of the cluster at each look, so moves that somebody else began, or this command before it was
 * stopped, take their places too.
 */
final class Mover {
  private static final long LOOK_MS = 200;

  /** So many looks without an arrival, and the command says what it waits for. */
  private static final int SILENT_LOOKS_MAX = 25;

  private final Admin admin;
  private final Invocation invocation;
  private final int concurrent;
  private final Deque<Move> waiting;
  private final Map<TopicPartition, Move> moving = new LinkedHashMap<>();
  private final int total;
  private int moved;
  private int refused;
  private int silentLooks;

  Mover(Admin admin, Invocation invocation, int concurrent, List<Move> moves) {
    this.admin = admin;
    this.invocation = invocation;
    this.concurrent = concurrent;
    this.waiting = new ArrayDeque<>(moves);
    this.total = moves.size();
  }

  /**
   * Returns when nothing moves any more.
   *
   * @throws CommandFailure where moves were refused
   */
  void run() {
    List<Reassignment> underWay = admin.reassignments();
    while (!waiting.isEmpty() || !underWay.isEmpty()) {
      int free = concurrent - underWay.size();
      while (free > 0 && !waiting.isEmpty()) {
        free -= begin(waiting.poll()) ? 1 : 0;
      }
      underWay = admin.reassignments();
      arrived(underWay);
      if (!underWay.isEmpty()) {
        tellIfSilent(underWay);
        pause();
      }
    }
    if (refused > 0) {
      throw new CommandFailure(
          ExitCode.REFUSED,
          "MOVES_REFUSED",
          "%d of %d moves were refused: see what was said of each, then run the command again"
              .formatted(refused, total),
          null);
    }
  }

  /** Whether it is under way now. */
  private boolean begin(Move move) {
    try {
      Reassignment begun = admin.reassign(move.partition(), move.to());
      if (begun.isComplete()) {
        tell(move, "moved");
        return false;
      }
      moving.put(move.partition(), move);
      return true;
    } catch (FunesException e) {
      if (e.isRetriable()) {
        throw e; // Nobody answers; what has begun goes on without this command.
      }
      if (e.reason() == ErrorReason.UNKNOWN_TOPIC || e.reason() == ErrorReason.UNKNOWN_PARTITION) {
        tell(move, "deleted meanwhile");
      } else {
        refused++;
        invocation
            .err()
            .println("funes: %s: %s".formatted(MoveText.name(move.partition()), e.getMessage()));
      }
      return false;
    }
  }

  private void arrived(List<Reassignment> underWay) {
    Set<TopicPartition> still =
        underWay.stream().map(Reassignment::partition).collect(Collectors.toUnmodifiableSet());
    List<Move> arrived =
        moving.values().stream().filter(move -> !still.contains(move.partition())).toList();
    for (Move move : arrived) {
      moving.remove(move.partition());
      tell(move, "moved");
    }
  }

  /** A copy may take long, or its broker be down: then it waits for that broker. */
  private void tellIfSilent(List<Reassignment> underWay) {
    silentLooks++;
    if (silentLooks == SILENT_LOOKS_MAX) {
      silentLooks = 0;
      Reassignment first = underWay.getFirst();
      invocation
          .err()
          .println(
              "under way: %s, first %s, which copies to %s; %s to begin"
                  .formatted(
                      MoveText.count(underWay.size(), "partition"),
                      MoveText.name(first.partition()),
                      ClusterText.ids(copying(first)),
                      waiting.size()));
    }
  }

  private static List<Integer> copying(Reassignment move) {
    return move.addingReplicaIds().stream()
        .filter(broker -> !move.inSyncReplicaIds().contains(broker))
        .toList();
  }

  private void tell(Move move, String what) {
    moved++;
    silentLooks = 0;
    Map<String, Object> fields = MoveText.fields(move);
    fields.put("state", what);
    fields.put("done", moved);
    fields.put("of", total);
    invocation.reply(
        fields,
        "%s %s %s -> %s (%d of %d)"
            .formatted(
                what,
                MoveText.name(move.partition()),
                ClusterText.ids(move.from()),
                ClusterText.ids(move.to()),
                moved,
                total));
    invocation.out().flush();
  }

  private static void pause() {
    try {
      TimeUnit.MILLISECONDS.sleep(LOOK_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CommandFailure(ExitCode.FAILED, "INTERRUPTED", "interrupted", e);
    }
  }
}
