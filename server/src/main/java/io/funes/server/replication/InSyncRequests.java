package io.funes.server.replication;

import io.funes.server.common.RefusedException;
import io.funes.server.common.Scheduler;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.InSyncChange;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataDelta;
import io.funes.server.metadata.MetadataDelta.BrokerChange;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.PartitionAnswer;
import io.funes.server.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the controller for the changes of in-sync replicas that this broker's leaders want: one
 * request at a time for all of them. Who has caught up or given up is asked for at once, or with
 * the next request where one is under way; a look at all leaders every so often finds who has
 * fallen behind, and is the net below the rest. A request whose outcome is not known is made again
 * as it is. The controller may have granted it, and then says that it is stale.
 */
public final class InSyncRequests {
  private static final Logger LOG = LoggerFactory.getLogger(InSyncRequests.class);

  /** So that a command stays well below the size of a log entry. */
  private static final int CHANGES_MAX = 1_000;

  private static final long RETRY_MS = 100;

  private final MetadataLog metadata;
  private final Scheduler scheduler;
  private final int brokerId;
  private final long lagNanosMax;
  private PartitionTable table;
  private boolean underWay;

  /** What the next request looks at. */
  private final Set<LeaderPartition> due = new LinkedHashSet<>();

  private boolean allDue;

  private record Wanted(LeaderPartition leader, InSyncChange change) {}

  /**
   * @param lagMsMax how long a follower may be behind before it is taken out
   */
  public InSyncRequests(MetadataLog metadata, Scheduler scheduler, int brokerId, long lagMsMax) {
    this.metadata = metadata;
    this.scheduler = scheduler;
    this.brokerId = brokerId;
    this.lagNanosMax = TimeUnit.MILLISECONDS.toNanos(lagMsMax);
  }

  /** Asks from now on, and looks every so often at all leaders of the table. */
  public void start(PartitionTable newTable, long everyMs) {
    synchronized (this) {
      table = newTable;
    }
    metadata.subscribe((_, delta) -> brokersChanged(delta));
    scheduler.every(TimeUnit.MILLISECONDS.toNanos(everyMs), this::look);
  }

  /** A replica of this leader could come in sync, or has given up. Any thread may tell. */
  public void outdated(LeaderPartition leader) {
    synchronized (this) {
      if (table == null || !due.add(leader)) {
        return;
      }
    }
    scheduler.execute(this::next);
  }

  /** Who had caught up before it was unfenced may come in now. */
  private void brokersChanged(MetadataDelta delta) {
    if (delta.brokers().stream().anyMatch(InSyncRequests::becameActive)) {
      scheduler.execute(this::look);
    }
  }

  private static boolean becameActive(BrokerChange change) {
    return change.after().filter(BrokerImage::active).isPresent()
        && change.before().filter(BrokerImage::active).isEmpty();
  }

  private void look() {
    lookAtAllNext();
    next();
  }

  private synchronized void lookAtAllNext() {
    allDue = true;
  }

  /** Looks at what is due, unless a request is under way: its answer leads here again. */
  private void next() {
    Supplier<Stream<LeaderPartition>> leaders;
    synchronized (this) {
      if (underWay || (due.isEmpty() && !allDue)) {
        return;
      }
      underWay = true;
      leaders = allDue ? table::leaders : List.copyOf(due)::stream;
      allDue = false;
      due.clear();
    }
    try {
      ask(leaders.get());
    } catch (RuntimeException | Error e) {
      done();
      throw e;
    }
  }

  private void ask(Stream<LeaderPartition> leaders) {
    MetadataImage image = metadata.image();
    List<Wanted> wanted = new ArrayList<>();
    leaders
        .filter(_ -> wanted.size() < CHANGES_MAX)
        .forEach(leader ->
            leader
                .proposal(lagNanosMax, member -> isActive(image, member))
                .ifPresent(change -> wanted.add(new Wanted(leader, change))));
    if (wanted.size() == CHANGES_MAX) {
      lookAtAllNext();
    }
    if (wanted.isEmpty()) {
      done();
    } else {
      ask(wanted);
    }
  }

  private static boolean isActive(MetadataImage image, Member member) {
    return image
        .broker(member.brokerId())
        .filter(broker -> broker.active() && broker.epoch() == member.brokerEpoch())
        .isPresent();
  }

  /** A call that throws has no answer either: what was asked for is asked for until it has. */
  private void ask(List<Wanted> wanted) {
    CompletableFuture<Outcome> answer;
    try {
      long brokerEpoch = metadata.image().broker(brokerId).orElseThrow().epoch();
      List<InSyncChange> changes = wanted.stream().map(Wanted::change).toList();
      answer = metadata.submit(new AlterInSync(brokerId, brokerEpoch, changes));
    } catch (RuntimeException | Error e) {
      answer = CompletableFuture.failedFuture(e);
    }
    var _ = answer.whenComplete((outcome, error) -> answered(wanted, outcome, error));
  }

  private void answered(List<Wanted> wanted, Outcome outcome, Throwable error) {
    switch (outcome) {
      case Outcome.Applied(Outcome.InSyncAltered(List<PartitionAnswer> answers)) -> {
        try {
          for (int i = 0; i < wanted.size(); i++) {
            answered(wanted.get(i), answers.get(i));
          }
        } finally {
          done();
        }
      }
      case Outcome.Refused(var refusal) -> {
        LOG.warn("the controller refused changes of in-sync replicas: {}", refusal.message());
        wanted.forEach(InSyncRequests::answered);
        done();
      }
      case null, default -> {
        LOG.warn("changes of in-sync replicas have no answer yet: {}", reason(error));
        scheduler.schedule(() -> ask(wanted), TimeUnit.MILLISECONDS.toNanos(RETRY_MS));
      }
    }
  }

  private static void answered(Wanted asked, PartitionAnswer answer) {
    Optional<PartitionImage> now =
        switch (answer) {
          case PartitionAnswer.Altered(var altered) -> Optional.of(altered);
          case PartitionAnswer.Refused(var _, var image) -> image;
        };
    now.filter(image -> image.leaderEpoch() == asked.leader.leaderEpoch())
        .ifPresent(image -> telling(asked, () -> asked.leader.changed(image)));
    answered(asked);
  }

  private static void answered(Wanted asked) {
    telling(asked, () -> asked.leader.answered(asked.change));
  }

  /** Appends may be answered by it. Whatever fails there, the other partitions are told. */
  private static void telling(Wanted asked, Runnable tell) {
    try {
      tell.run();
    } catch (RuntimeException | Error e) {
      LOG.error("partition {}: an append could not be answered", asked.leader.id(), e);
    }
  }

  private static String reason(Throwable error) {
    return error instanceof RefusedException refused
        ? refused.refusal().message()
        : String.valueOf(error);
  }

  private void done() {
    synchronized (this) {
      underWay = false;
    }
    scheduler.execute(this::next);
  }
}
