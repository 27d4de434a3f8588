package io.funes.server.replication;

import io.funes.server.common.PartitionId;
import io.funes.server.metadata.InSyncChange;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Who is in sync with a leader, and how far all of these are: in-sync replicas and high watermark
 * in one leader epoch. It is told of progress, time and metadata, and says which change to ask the
 * controller for; the change counts once the metadata has it. Until then whoever may be in sync, by
 * the metadata or by the change asked for, holds the watermark back: the answer to a request may be
 * lost, and the request still have been granted.
 *
 * <p>Pure. Guarded by its partition's lock. The rules are Kafka's (KIP-497, KIP-841, KIP-903,
 * KIP-966); docs/replication.md lists them with their tests.
 */
final class InSyncReplicas {
  private final PartitionId id;
  private final int self;
  private final long epochStartOffset;
  private final Map<Integer, Progress> followers = new HashMap<>();
  private PartitionImage image;

  /** All replicas are in sync: nobody can come in, and nothing is looked at. */
  private boolean complete;

  private int minInSync;
  private long ownOffset;
  private long highWatermark;

  /** Asked for and not answered yet. */
  private InSyncChange pending;

  /** What a follower has told in this leader epoch. */
  private static final class Progress {
    /** Of the follower's registration, -1 before it was heard. */
    long brokerEpoch = -1;

    /** Below it the follower has all, by its own word; -1 before it was heard. */
    long offset = -1;

    /** Last time at which it had all that the leader had. */
    long caughtUpNanos;

    /** Reached this offset, it has all that the leader had at this time. */
    long markOffset;

    long markNanos;

    /** Says that it takes nothing more, and has not been heard since. */
    boolean gaveUp;

    /** Was told by {@link #takeCaughtUp} since the metadata last changed. */
    boolean toldCaughtUp;
  }

  /**
   * @param logEndOffset of the leader when it took over: who joins must have all that it began with
   * @param highWatermark as far as the leader knew it as a follower
   */
  InSyncReplicas(
      PartitionId id,
      int self,
      PartitionImage image,
      int minInSync,
      long logEndOffset,
      long highWatermark,
      long nowNanos) {
    this.id = id;
    this.self = self;
    this.minInSync = minInSync;
    this.epochStartOffset = logEndOffset;
    this.highWatermark = highWatermark;
    is(image);
    for (int replica : image.replicas()) {
      if (replica != self) {
        follower(replica, nowNanos);
      }
    }
  }

  private void is(PartitionImage newImage) {
    image = newImage;
    complete = newImage.inSync().size() == newImage.replicas().size();
  }

  private Progress follower(int brokerId, long nowNanos) {
    return followers.computeIfAbsent(
        brokerId,
        _ -> {
          Progress progress = new Progress();
          progress.caughtUpNanos = nowNanos;
          progress.markOffset = epochStartOffset;
          progress.markNanos = nowNanos;
          return progress;
        });
  }

  PartitionImage image() {
    return image;
  }

  long highWatermark() {
    return highWatermark;
  }

  /** Below these the followers have all, by their own word; -1 before they were heard. */
  Map<Integer, Long> followerOffsets() {
    Map<Integer, Long> offsets = new HashMap<>();
    followers.forEach((broker, progress) -> offsets.put(broker, progress.offset));
    return offsets;
  }

  /** Whether the metadata has as many in-sync replicas as acks=all wants, or all there are. */
  boolean enough() {
    return image.inSync().size() >= Math.min(minInSync, image.replicas().size());
  }

  /** The leader itself has all below {@code offset}, as safe as the topic's flush policy asks. */
  void own(long offset) {
    if (offset > ownOffset) {
      ownOffset = offset;
      advance();
    }
  }

  /** A follower has all below {@code offset}, likewise, of this epoch's log. */
  void acknowledged(int brokerId, long brokerEpoch, long offset, long logEndOffset, long nowNanos) {
    if (!image.replicas().contains(brokerId)) {
      return;
    }
    Progress follower = follower(brokerId, nowNanos);
    if (brokerEpoch < follower.brokerEpoch) {
      return; // The last words of an earlier life.
    }
    follower.brokerEpoch = brokerEpoch;
    follower.offset = offset;
    follower.gaveUp = false;
    if (offset >= follower.markOffset) {
      follower.caughtUpNanos = offset >= logEndOffset ? nowNanos : follower.markNanos;
      follower.markOffset = logEndOffset;
      follower.markNanos = nowNanos;
    }
    advance();
  }

  /** A follower says that it takes nothing more: nobody need wait for it any longer. */
  void gaveUp(int brokerId) {
    Progress follower = followers.get(brokerId);
    if (follower != null) {
      follower.gaveUp = true;
    }
  }

  /** The metadata has changed. It settles a change asked for, whatever became of it. */
  void changed(PartitionImage newImage, int newMinInSync, long nowNanos) {
    minInSync = newMinInSync;
    if (newImage.partitionEpoch() > image.partitionEpoch()) {
      is(newImage);
      followers.values().forEach(follower -> follower.toldCaughtUp = false);
      followers.keySet().retainAll(newImage.replicas());
      newImage.replicas().stream()
          .filter(replica -> replica != self)
          .forEach(replica -> follower(replica, nowNanos));
      pending = null;
    }
    advance();
  }

  /** The controller has answered; what it granted came with {@link #changed}. */
  void answered(InSyncChange change) {
    if (change.equals(pending)) {
      pending = null;
      advance();
    }
  }

  /**
   * Whether a replica could come in now that was not told of yet. Told once until the metadata
   * changes, so that one which the controller will not have is not asked for at each
   * acknowledgement.
   */
  boolean takeCaughtUp() {
    if (complete || pending != null) {
      return false;
    }
    boolean any = false;
    for (Map.Entry<Integer, Progress> entry : followers.entrySet()) {
      Progress follower = entry.getValue();
      if (!follower.toldCaughtUp
          && !image.inSync().contains(entry.getKey())
          && mayComeIn(follower)) {
        follower.toldCaughtUp = true;
        any = true;
      }
    }
    return any;
  }

  /**
   * The change to ask for now, if there is one. Only one is under way at a time: an unanswered one
   * is asked for again as it is, never replaced.
   *
   * @param active whether a broker takes part in the life that was heard: one that died while too
   *     few were in sync for the watermark to move has all below it, and the controller would
   *     refuse the whole change for it
   */
  Optional<InSyncChange> propose(
      long logEndOffset, long nowNanos, long lagNanosMax, Predicate<Member> active) {
    if (pending != null) {
      return Optional.empty();
    }
    List<Member> members = new ArrayList<>();
    boolean differs = image.recovering();
    for (int replica : image.replicas()) {
      boolean was = image.inSync().contains(replica);
      Member member =
          new Member(replica, replica == self ? -1 : followers.get(replica).brokerEpoch);
      boolean is =
          replica == self
              || (inSync(replica, was, logEndOffset, nowNanos, lagNanosMax)
                  && (was || active.test(member)));
      if (is) {
        members.add(member);
      }
      differs |= is != was;
    }
    if (differs) {
      pending =
          new InSyncChange(
              id, image.leaderEpoch(), image.partitionEpoch(), members, image.recovering());
    }
    return Optional.ofNullable(pending);
  }

  private boolean inSync(
      int replica, boolean was, long logEndOffset, long nowNanos, long lagNanosMax) {
    Progress follower = followers.get(replica);
    if (was) {
      return follower.offset >= logEndOffset
          || (!follower.gaveUp && nowNanos - follower.caughtUpNanos <= lagNanosMax);
    }
    return mayComeIn(follower);
  }

  private boolean mayComeIn(Progress follower) {
    return !image.recovering()
        && !follower.gaveUp
        && follower.offset >= highWatermark
        && follower.offset >= epochStartOffset;
  }

  /** To the end of the slowest that is or may be in sync; not at all while these are too few. */
  private void advance() {
    if (!enough()) {
      return;
    }
    long reached = ownOffset;
    for (int i = 0; i < image.inSync().size(); i++) {
      reached = Math.min(reached, offsetOf(image.inSync().get(i)));
    }
    if (pending != null) {
      for (Member member : pending.inSync()) {
        reached = Math.min(reached, offsetOf(member.brokerId()));
      }
    }
    highWatermark = Math.max(highWatermark, reached);
  }

  private long offsetOf(int brokerId) {
    return brokerId == self ? ownOffset : followers.get(brokerId).offset;
  }
}
