package io.funes.cli.cluster;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.client.Admin;
import io.funes.client.ErrorReason;
import io.funes.client.FunesException;
import io.funes.client.PartitionDescription;
import io.funes.client.Reassignment;
import io.funes.client.TopicPartition;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
  private final List<TopicPartition> moved = new ArrayList<>();
  private final int total;
  private int done;
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
   * @return what is where it should be by now
   * @throws CommandFailure where moves were refused
   */
  List<TopicPartition> run() {
    List<Reassignment> underWay = admin.reassignments();
    while (!waiting.isEmpty() || !underWay.isEmpty()) {
      int free = concurrent - underWay.size();
      while (free > 0 && !waiting.isEmpty()) {
        free -= begin(waiting.poll()) ? 1 : 0;
      }
      underWay = admin.reassignments();
      lookAtEnded(underWay);
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
    return moved;
  }

  /** Whether it is under way now. */
  private boolean begin(Move move) {
    try {
      Reassignment begun = admin.reassign(move.partition(), move.to());
      if (begun.isComplete()) {
        arrived(move);
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

  private void lookAtEnded(List<Reassignment> underWay) {
    Set<TopicPartition> still =
        underWay.stream().map(Reassignment::partition).collect(Collectors.toUnmodifiableSet());
    List<Move> ended =
        moving.values().stream().filter(move -> !still.contains(move.partition())).toList();
    if (ended.isEmpty()) {
      return;
    }
    Map<TopicPartition, PartitionDescription> now = admin.partitions();
    for (Move move : ended) {
      moving.remove(move.partition());
      PartitionDescription partition = now.get(move.partition());
      if (partition == null) {
        tell(move, "deleted meanwhile");
      } else if (Set.copyOf(partition.replicaIds()).equals(Set.copyOf(move.to()))) {
        arrived(move);
      } else {
        tell(move, "cancelled meanwhile");
      }
    }
  }

  /** A copy may take long, or its broker be down: then it waits for that broker. */
  private void tellIfSilent(List<Reassignment> underWay) {
    silentLooks++;
    if (silentLooks == SILENT_LOOKS_MAX) {
      silentLooks = 0;
      invocation.err().println(MoveText.underWay(underWay, waiting.size()));
    }
  }

  private void arrived(Move move) {
    moved.add(move.partition());
    tell(move, "moved");
  }

  private void tell(Move move, String what) {
    done++;
    silentLooks = 0;
    Map<String, Object> fields = MoveText.fields(move);
    fields.put("state", what);
    fields.put("done", done);
    fields.put("of", total);
    invocation.reply(
        fields,
        "%s %s %s -> %s (%d of %d)"
            .formatted(
                what,
                MoveText.name(move.partition()),
                ClusterText.ids(move.from()),
                ClusterText.ids(move.to()),
                done,
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
