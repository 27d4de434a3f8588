package io.funes.server.controller;

import io.funes.server.common.PartitionId;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataImage;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Lets preferred leaders lead again, every so often and only while nobody comes or goes: each move
 * of a leader costs its producers a moment.
 */
final class PreferredElections {
  /** Partitions in one command, so that others get in between. */
  static final int BATCH = 500;

  private final long periodNanos;
  private final long calmNanos;
  private long dueNanos;
  private long unrestNanos;
  private boolean underWay;
  private List<PartitionId> left = List.of();

  PreferredElections(ControllerSettings settings) {
    periodNanos = TimeUnit.MILLISECONDS.toNanos(settings.preferredLeadersMs());
    calmNanos = TimeUnit.MILLISECONDS.toNanos(settings.calmMs());
  }

  void begin(long nowNanos) {
    dueNanos = nowNanos + periodNanos;
    underWay = false;
    unrest(nowNanos);
  }

  /** A broker came or went: the elections begin anew when it is calm. */
  void unrest(long nowNanos) {
    unrestNanos = nowNanos;
    left = List.of();
  }

  Optional<ElectLeaders> next(MetadataImage image, long nowNanos) {
    if (underWay || !calm(image, nowNanos)) {
      return Optional.empty();
    }
    if (left.isEmpty() && nowNanos - dueNanos >= 0) {
      dueNanos = nowNanos + periodNanos;
      left = PreferredLeaders.toElect(image);
    }
    if (left.isEmpty()) {
      return Optional.empty();
    }
    underWay = true;
    return Optional.of(
        new ElectLeaders(
            left.subList(0, Math.min(BATCH, left.size())), ElectLeaders.Kind.PREFERRED));
  }

  /** A command that did not get through is tried again. */
  void answered(ElectLeaders command, boolean applied) {
    underWay = false;
    if (applied && !left.isEmpty()) {
      left = left.subList(command.partitions().size(), left.size());
    }
  }

  private boolean calm(MetadataImage image, long nowNanos) {
    if (nowNanos - unrestNanos < calmNanos) {
      return false;
    }
    for (BrokerImage broker : image.brokers()) {
      if (broker.shuttingDown() && !broker.fenced()) {
        return false;
      }
    }
    return true;
  }
}
