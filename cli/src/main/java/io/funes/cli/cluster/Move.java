package io.funes.cli.cluster;

import io.funes.client.TopicPartition;
import java.util.List;

/**
 * A partition that shall be elsewhere.
 *
 * @param from brokers that hold it, preferred leader first
 * @param to those that shall
 */
record Move(TopicPartition partition, List<Integer> from, List<Integer> to) {
  Move {
    from = List.copyOf(from);
    to = List.copyOf(to);
  }

  /** Brokers that get a copy. */
  List<Integer> adds() {
    return to.stream().filter(id -> !from.contains(id)).toList();
  }

  /** Brokers that give theirs up. */
  List<Integer> drops() {
    return from.stream().filter(id -> !to.contains(id)).toList();
  }

  /** Otherwise only the preferred leader changes. */
  boolean copies() {
    return !adds().isEmpty();
  }
}
