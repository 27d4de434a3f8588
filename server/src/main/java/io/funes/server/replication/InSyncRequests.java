package io.funes.server.replication;

import io.funes.server.common.RefusedException;
import io.funes.server.common.Scheduler;
import io.funes.server.metadata.InSyncAnswer;
import io.funes.server.metadata.InSyncChange;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.PartitionImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the controller for the changes of in-sync replicas that this broker's leaders want: one
 * request at a time for all of them. A request whose outcome is not known is made again as it is.
 * The controller may have granted it, and then says that it is stale.
 */
public final class InSyncRequests {
  private static final Logger LOG = LoggerFactory.getLogger(InSyncRequests.class);

  /** So that a command stays well below the size of a log entry. */
  private static final int CHANGES_MAX = 1_000;

  private static final long RETRY_MS = 100;

  private final PartitionTable table;
  private final MetadataLog metadata;
  private final Scheduler scheduler;
  private final int brokerId;
  private final long lagNanosMax;
  private boolean underWay;

  private record Wanted(LeaderPartition leader, InSyncChange change) {}

  /**
   * @param lagMsMax how long a follower may be behind before it is taken out
   */
  public InSyncRequests(
      PartitionTable table,
      MetadataLog metadata,
      Scheduler scheduler,
      int brokerId,
      long lagMsMax) {
    this.table = table;
    this.metadata = metadata;
    this.scheduler = scheduler;
    this.brokerId = brokerId;
    this.lagNanosMax = TimeUnit.MILLISECONDS.toNanos(lagMsMax);
  }

  /** Looks every so often whether there is something to ask for. */
  public void start(long everyMs) {
    scheduler.every(TimeUnit.MILLISECONDS.toNanos(everyMs), this::look);
  }

  void look() {
    synchronized (this) {
      if (underWay) {
        return;
      }
      underWay = true;
    }
    MetadataImage image = metadata.image();
    List<Wanted> wanted = new ArrayList<>();
    table
        .leaders()
        .filter(leader -> wanted.size() < CHANGES_MAX)
        .forEach(leader ->
            leader
                .proposal(lagNanosMax, member -> isActive(image, member))
                .ifPresent(change -> wanted.add(new Wanted(leader, change))));
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

  private void ask(List<Wanted> wanted) {
    long brokerEpoch = metadata.image().broker(brokerId).orElseThrow().epoch();
    List<InSyncChange> changes = wanted.stream().map(Wanted::change).toList();
    var _ =
        metadata
            .submit(new AlterInSync(brokerId, brokerEpoch, changes))
            .whenComplete((outcome, error) -> answered(wanted, outcome, error));
  }

  private void answered(List<Wanted> wanted, Outcome outcome, Throwable error) {
    switch (outcome) {
      case Outcome.Applied(Outcome.InSyncAltered(List<InSyncAnswer> answers)) -> {
        for (int i = 0; i < wanted.size(); i++) {
          answered(wanted.get(i), answers.get(i));
        }
        done();
      }
      case Outcome.Refused(var refusal) -> {
        LOG.warn("the controller refused changes of in-sync replicas: {}", refusal.message());
        wanted.forEach(asked -> asked.leader.answered(asked.change));
        done();
      }
      case null, default -> {
        LOG.warn("changes of in-sync replicas have no answer yet: {}", reason(error));
        scheduler.schedule(() -> ask(wanted), TimeUnit.MILLISECONDS.toNanos(RETRY_MS));
      }
    }
  }

  private static void answered(Wanted asked, InSyncAnswer answer) {
    Optional<PartitionImage> now =
        switch (answer) {
          case InSyncAnswer.Altered(var altered) -> Optional.of(altered);
          case InSyncAnswer.Refused(var _, var image) -> image;
        };
    now.filter(image -> image.leaderEpoch() == asked.leader.leaderEpoch())
        .ifPresent(asked.leader::changed);
    asked.leader.answered(asked.change);
  }

  private static String reason(Throwable error) {
    return error instanceof RefusedException refused
        ? refused.refusal().message()
        : String.valueOf(error);
  }

  private synchronized void done() {
    underWay = false;
  }
}
