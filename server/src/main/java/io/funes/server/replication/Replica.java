package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.log.PartitionLog;
import io.funes.server.metadata.PartitionImage;
import java.io.IOException;

/**
 * This broker's replica of a partition: a log, and the role it has in the newest leader epoch that
 * the broker has heard of. A role is made for one epoch and closed, so that it writes nothing more,
 * before the next one begins. Changed by the thread that applies the metadata, read by all.
 */
final class Replica {
  private final PartitionId id;
  private final PartitionLog log;
  private final PartitionEnvironment environment;
  private volatile TopicRules rules;
  private volatile PartitionImage image;
  private volatile Role role;

  /** Leads, follows, or waits for somebody to lead. */
  private sealed interface Role {
    record Leads(LeaderPartition leader) implements Role {}

    record Follows(FollowerPartition follower) implements Role {}

    record Waits(long highWatermark) implements Role {}
  }

  /** Takes the role that the image gives it. */
  Replica(
      PartitionId id,
      PartitionImage image,
      PartitionLog log,
      TopicRules rules,
      PartitionEnvironment environment) {
    this.id = id;
    this.log = log;
    this.environment = environment;
    this.rules = rules;
    this.image = image;
    this.role = role(image, log.logStartOffset());
  }

  private Role role(PartitionImage image, long highWatermark) {
    int leaderId = image.leaderId();
    if (leaderId == environment.brokerId()) {
      return new Role.Leads(new LeaderPartition(id, image, log, highWatermark, rules, environment));
    }
    if (leaderId == PartitionImage.NO_LEADER) {
      return new Role.Waits(highWatermark);
    }
    LeaderLink link = environment.links().to(leaderId);
    FollowerPartition follower =
        new FollowerPartition(id, image, log, highWatermark, rules, environment, link);
    link.follow(follower);
    return new Role.Follows(follower);
  }

  PartitionId id() {
    return id;
  }

  PartitionLog log() {
    return log;
  }

  TopicRules rules() {
    return rules;
  }

  int leaderEpoch() {
    return image.leaderEpoch();
  }

  /** Null where it does not lead. */
  LeaderPartition leader() {
    return role instanceof Role.Leads(LeaderPartition leader) ? leader : null;
  }

  /** For readers; null where it neither leads nor follows in sync. */
  ReadablePartition readable() {
    return switch (role) {
      case Role.Leads(LeaderPartition leader) -> leader;
      case Role.Follows(FollowerPartition follower) -> follower.readable() ? follower : null;
      case Role.Waits _ -> null;
    };
  }

  long highWatermark() {
    return switch (role) {
      case Role.Leads(LeaderPartition leader) -> leader.highWatermark();
      case Role.Follows(FollowerPartition follower) -> follower.highWatermark();
      case Role.Waits(long highWatermark) -> highWatermark;
    };
  }

  /** Follows the metadata. */
  void changed(PartitionImage newImage, TopicRules newRules) {
    boolean newEpoch = newImage.leaderEpoch() > image.leaderEpoch();
    rules = newRules;
    if (newEpoch) {
      end(PartitionRefusals.notLeader(id, newImage));
      role = role(newImage, highWatermark());
      image = newImage; // Last: who is told of the epoch finds the role that it has.
      return;
    }
    image = newImage;
    switch (role) {
      case Role.Leads(LeaderPartition leader) -> {
        leader.configure(newRules);
        leader.changed(newImage);
      }
      case Role.Follows(FollowerPartition follower) -> {
        follower.configure(newRules);
        follower.changed(newImage);
      }
      case Role.Waits _ -> {}
    }
  }

  /** Makes durable what is in the log, and tells those that wait for it. */
  void flush() throws IOException {
    switch (role) {
      case Role.Leads(LeaderPartition leader) -> leader.flush();
      case Role.Follows(FollowerPartition follower) -> follower.flush();
      case Role.Waits _ -> log.flush();
    }
  }

  /** Ends the role; calls that it served are refused with {@code why}. The log stays open. */
  void end(Refusal why) {
    switch (role) {
      case Role.Leads(LeaderPartition leader) -> leader.close(why);
      case Role.Follows(FollowerPartition follower) -> {
        environment.links().to(follower.leaderId()).unfollow(follower);
        follower.close(why);
      }
      case Role.Waits _ -> {}
    }
  }
}
