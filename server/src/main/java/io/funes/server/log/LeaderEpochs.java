package io.funes.server.log;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where each leader epoch begins in a log: what replicas compare to find where they part. A fold
 * over the log, cut with it at both ends, and kept in its checkpoint.
 *
 * <p>Guarded by its log's lock.
 */
final class LeaderEpochs {
  private List<Boundary> boundaries = List.of();

  /** An epoch and the offset of its first batch. */
  record Boundary(int epoch, long startOffset) {}

  List<Boundary> boundaries() {
    return boundaries;
  }

  /** Begins again from a checkpoint. */
  void restore(List<Boundary> checkpoint) {
    boundaries = List.copyOf(checkpoint);
  }

  /** Newest epoch, -1 where there is none. */
  int latest() {
    return boundaries.isEmpty() ? -1 : boundaries.getLast().epoch;
  }

  /** The largest epoch up to {@code epoch} and where it ends, if there is one. */
  Optional<EpochEnd> endOf(int epoch, long logEndOffset) {
    long endOffset = logEndOffset;
    for (Boundary boundary : boundaries.reversed()) {
      if (boundary.epoch <= epoch) {
        return Optional.of(new EpochEnd(boundary.epoch, endOffset));
      }
      endOffset = boundary.startOffset;
    }
    return Optional.empty();
  }

  /** Takes over a batch that stands in the log. */
  void replay(int epoch, long baseOffset) {
    if (epoch > latest()) {
      List<Boundary> more = new ArrayList<>(boundaries);
      more.add(new Boundary(epoch, baseOffset));
      boundaries = List.copyOf(more);
    }
  }

  /** Forgets epochs that begin at or after the log's end. */
  void cutEnd(long endOffset) {
    boundaries = boundaries.stream().filter(b -> b.startOffset < endOffset).toList();
  }

  /** Forgets epochs that end at or before the log's start. */
  void cutStart(long startOffset) {
    int first = 0;
    while (first + 1 < boundaries.size() && boundaries.get(first + 1).startOffset <= startOffset) {
      first++;
    }
    boundaries = List.copyOf(boundaries.subList(first, boundaries.size()));
  }
}
