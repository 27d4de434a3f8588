package io.funes.server.metadata.raft;

import io.funes.server.common.Scheduler;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.raft.MemberChange.Kind;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes voters of the first brokers that join, one at a time: three survive the loss of one, five
 * of two. Two are worse than one, since the loss of either would stop them, and four no better than
 * three; so the next broker listens until there is one more.
 */
public final class QuorumGrowth implements LeadershipListener {
  private static final Logger LOG = LoggerFactory.getLogger(QuorumGrowth.class);
  private static final long LOOK_MS = 500;
  private static final long CHANGE_MS_MAX = 30_000;

  private final RatisMetadataLog log;
  private final Scheduler scheduler;
  private final int votersMax;
  private boolean leads;
  private boolean changing;

  /**
   * @param votersMax an even number is as good as the one below
   */
  public QuorumGrowth(RatisMetadataLog log, Scheduler scheduler, int votersMax) {
    this.log = log;
    this.scheduler = scheduler;
    this.votersMax = votersMax;
  }

  /**
   * Where this broker leads, looks when brokers come or go, and every so often: who cannot become a
   * voter now may be able to later.
   */
  public void start() {
    log.subscribe(this);
    log.subscribe((_, delta) -> {
      if (!delta.brokers().isEmpty()) {
        scheduler.execute(this::look);
      }
    });
    scheduler.every(TimeUnit.MILLISECONDS.toNanos(LOOK_MS), this::look);
  }

  @Override
  public synchronized void leading(long term) {
    leads = true;
    scheduler.execute(this::look);
  }

  @Override
  public synchronized void following() {
    leads = false;
  }

  private void look() {
    synchronized (this) {
      if (!leads || changing) {
        return;
      }
      changing = true;
    }
    try {
      Optional<Peer> next = next(log.quorum(), log.image(), votersMax);
      if (next.isPresent()) {
        promote(next.get());
        return;
      }
    } catch (IOException e) {
      LOG.debug("the quorum is not known", e);
    } catch (RuntimeException | Error e) {
      done();
      throw e;
    }
    done();
  }

  /** The listener to be promoted now, if there is one. */
  static Optional<Peer> next(Quorum quorum, MetadataImage image, int votersMax) {
    int voters = Math.min(quorum.members().size(), votersMax);
    int odd = (voters - 1) / 2 * 2 + 1;
    if (quorum.voters().size() >= odd) {
      return Optional.empty();
    }
    return quorum.members().stream()
        .filter(member -> !member.voter())
        .map(Quorum.Member::peer)
        .filter(peer -> image.broker(peer.nodeId()).filter(BrokerImage::active).isPresent())
        .findFirst();
  }

  private void promote(Peer peer) {
    var _ =
        log.change(new MemberChange(Kind.PROMOTE, peer), CHANGE_MS_MAX)
            .whenComplete((_, error) -> {
              if (error == null) {
                LOG.info("broker {} votes in the metadata quorum now", peer.nodeId());
              } else {
                LOG.info("broker {} does not vote yet: {}", peer.nodeId(), error.getMessage());
              }
              done();
              if (error == null) {
                scheduler.execute(this::look);
              }
            });
  }

  private synchronized void done() {
    changing = false;
  }
}
