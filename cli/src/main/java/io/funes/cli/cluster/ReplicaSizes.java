package io.funes.cli.cluster;

import io.funes.cli.terminal.ConnectionOptions;
import io.funes.client.Admin;
import io.funes.client.ClusterDescription.Broker;
import io.funes.client.ClusterDescription.BrokerState;
import io.funes.client.FunesException;
import io.funes.client.TopicPartition;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** How large partitions are, as far as their brokers can be asked. */
record ReplicaSizes(Map<TopicPartition, Long> bytes) {
  private static final String[] UNITS = {"KiB", "MiB", "GiB", "TiB"};
  private static final int STEP = 1024;

  /** Asks every broker for what it holds; one that does not answer is left out. */
  static ReplicaSizes ask(Collection<Broker> brokers, ConnectionOptions connection) {
    Map<TopicPartition, Long> bytes = new HashMap<>();
    for (Broker broker : brokers) {
      if (broker.state() == BrokerState.FENCED) {
        continue;
      }
      try (Admin admin =
          Admin.builder().server(broker.address()).timeout(connection.timeout()).build()) {
        admin
            .replicas()
            .forEach(replica -> bytes.merge(replica.partition(), replica.sizeBytes(), Math::max));
      } catch (FunesException | IllegalArgumentException e) {
        // Sizes are a courtesy: a plan is drawn up without them too.
      }
    }
    return new ReplicaSizes(bytes);
  }

  /** What so many copies of a partition take. */
  String text(TopicPartition partition, int copies) {
    Long each = bytes.get(partition);
    return each == null ? "?" : text(each * copies);
  }

  /** ", 3.1 GiB", or nothing where not all is known. */
  String total(List<Move> moves) {
    boolean known = moves.stream().map(Move::partition).allMatch(bytes::containsKey);
    return moves.isEmpty() || !known ? "" : ", " + text(sum(moves));
  }

  /** Bytes to copy, as far as is known. */
  long sum(List<Move> moves) {
    return moves.stream()
        .filter(move -> Objects.nonNull(bytes.get(move.partition())))
        .mapToLong(move -> bytes.get(move.partition()) * move.adds().size())
        .sum();
  }

  private static String text(long bytes) {
    if (bytes < STEP) {
      return bytes + " B";
    }
    double value = bytes;
    int unit = -1;
    while (value >= STEP && unit < UNITS.length - 1) {
      value /= STEP;
      unit++;
    }
    return "%.1f %s".formatted(value, UNITS[unit]);
  }
}
