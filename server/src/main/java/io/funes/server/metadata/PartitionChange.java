package io.funes.server.metadata;

import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;

/**
 * A partition on its way to its next state. Whatever changes it sets what it wants, and {@link
 * #settled} draws the consequences in one place: a reassignment that is complete, who stays an
 * eligible leader, who leads, which epochs rise.
 */
final class PartitionChange {
  private final PartitionImage before;
  private final PartitionTerms terms;
  private List<Integer> replicas;
  private List<Integer> inSync;
  private List<Integer> eligible;
  private List<Integer> adding;
  private List<Integer> removing;
  private boolean recovering;
  private boolean preferredLeads;
  private int lost = PartitionImage.NO_LEADER;

  PartitionChange(PartitionImage before, PartitionTerms terms) {
    this.before = before;
    this.terms = terms;
    this.replicas = before.replicas();
    this.inSync = before.inSync();
    this.eligible = before.eligibleLeaders();
    this.adding = before.adding();
    this.removing = before.removing();
    this.recovering = before.recovering();
  }

  PartitionChange inSync(Set<Integer> brokers) {
    inSync = replicasThat(brokers::contains);
    return this;
  }

  /** The broker leaves the in-sync replicas; it stays eligible if they are too few without it. */
  PartitionChange without(int brokerId) {
    inSync = replicasThat(id -> id != brokerId && inSync.contains(id));
    return this;
  }

  /** The broker may have lost records: it is neither in sync nor eligible any more. */
  PartitionChange withoutDataOf(int brokerId) {
    without(brokerId);
    eligible = replicasThat(id -> id != brokerId && eligible.contains(id));
    lost = brokerId;
    return this;
  }

  PartitionChange forgetEligible() {
    eligible = List.of();
    return this;
  }

  PartitionChange recovered() {
    recovering = false;
    return this;
  }

  /** Begins, changes or cancels a reassignment. Replicas that are in neither list are dropped. */
  PartitionChange reassign(List<Integer> all, List<Integer> nowAdding, List<Integer> nowRemoving) {
    replicas = all;
    adding = nowAdding;
    removing = nowRemoving;
    inSync = replicasThat(inSync::contains);
    eligible = replicasThat(eligible::contains);
    return this;
  }

  PartitionChange preferredLeads() {
    preferredLeads = true;
    return this;
  }

  /** The next state; the very same image where nothing changes. */
  PartitionImage settled() {
    completeReassignment();
    letGo();
    keepEligible();
    int leader = elect();
    if (enoughInSync()) {
      eligible = List.of();
    }
    PartitionImage same = image(leader, before.leaderEpoch(), before.partitionEpoch());
    if (same.equals(before)) {
      return before;
    }
    // A replica that was taken away hears from the epoch that it must not fetch any more.
    boolean newEpoch = leader != before.leaderId() || !replicas.containsAll(before.replicas());
    return image(leader, before.leaderEpoch() + (newEpoch ? 1 : 0), before.partitionEpoch() + 1);
  }

  private PartitionImage image(int leader, int leaderEpoch, int partitionEpoch) {
    return new PartitionImage(
        leader,
        leaderEpoch,
        partitionEpoch,
        replicas,
        inSync,
        eligible,
        lastLeader(leader),
        adding,
        removing,
        recovering);
  }

  private int lastLeader(int leader) {
    if (leader != PartitionImage.NO_LEADER) {
      return PartitionImage.NO_LEADER;
    }
    return before.leaderId() == PartitionImage.NO_LEADER
        ? before.lastLeaderId()
        : before.leaderId();
  }

  private void completeReassignment() {
    List<Integer> staying = replicasThat(id -> inSync.contains(id) && !removing.contains(id));
    if (staying.isEmpty() || !staying.containsAll(adding)) {
      return;
    }
    replicas = replicasThat(id -> !removing.contains(id));
    inSync = staying;
    eligible = replicasThat(eligible::contains);
    adding = List.of();
    removing = List.of();
  }

  /** Those that shut down leave the in-sync replicas, unless nobody is left who can lead. */
  private void letGo() {
    if (inSync.stream().anyMatch(terms::active)) {
      inSync = inSync.stream().filter(terms::active).toList();
    }
  }

  private boolean enoughInSync() {
    return inSync.size() >= Math.min(terms.minInSync(), replicas.size());
  }

  private void keepEligible() {
    eligible =
        enoughInSync()
            ? List.of()
            : replicasThat(id ->
                id != lost
                    && !inSync.contains(id)
                    && (eligible.contains(id) || before.inSync().contains(id)));
  }

  private int elect() {
    int preferred = replicas.getFirst();
    if (preferredLeads && inSync.contains(preferred) && terms.writable(preferred)) {
      return preferred;
    }
    int next = stayOrFirst(terms::writable);
    if (next == PartitionImage.NO_LEADER) {
      next = stayOrFirst(terms::active); // What is there can mostly be read.
    }
    if (next != PartitionImage.NO_LEADER) {
      return next;
    }
    int leader = before.leaderId();
    if (inSync.contains(leader) && terms.up(leader)) {
      return leader; // It is shutting down, and nobody can take over.
    }
    next = firstToWrite(eligible::contains);
    if (next != PartitionImage.NO_LEADER) {
      inSync = List.of(next);
      eligible = without(eligible, next);
      return next;
    }
    return electUnclean();
  }

  /** The leader where it is such a one, or the first of the in-sync replicas that is. */
  private int stayOrFirst(IntPredicate wanted) {
    int leader = before.leaderId();
    return inSync.contains(leader) && wanted.test(leader)
        ? leader
        : first(id -> inSync.contains(id) && wanted.test(id));
  }

  /**
   * Nobody who surely has every committed record is up. The last leader has most; where not even a
   * fenced broker could have more, it leads again.
   */
  private int electUnclean() {
    int last = lastLeader(PartitionImage.NO_LEADER);
    boolean lastIsBest = inSync.isEmpty() && eligible.isEmpty();
    int next =
        lastIsBest && replicas.contains(last) && terms.active(last)
            ? last
            : firstToWrite(_ -> terms.uncleanAllowed());
    if (next != PartitionImage.NO_LEADER) {
      inSync = List.of(next);
      eligible = List.of(); // What is committed is now what this one has.
      recovering = true;
    }
    return next;
  }

  /** Of those that are active: one that takes records, or else any. */
  private int firstToWrite(IntPredicate wanted) {
    int writable = first(id -> wanted.test(id) && terms.writable(id));
    return writable != PartitionImage.NO_LEADER
        ? writable
        : first(id -> wanted.test(id) && terms.active(id));
  }

  private int first(IntPredicate wanted) {
    for (int id : replicas) {
      if (wanted.test(id)) {
        return id;
      }
    }
    return PartitionImage.NO_LEADER;
  }

  private List<Integer> replicasThat(IntPredicate wanted) {
    return replicas.stream().filter(wanted::test).toList();
  }

  private static List<Integer> without(List<Integer> ids, int id) {
    return ids.stream().filter(other -> other != id).toList();
  }
}
