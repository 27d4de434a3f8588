package io.funes.server.metadata.raft;

import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.raft.MemberChange.Kind;
import java.io.IOException;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A leader that stops has another voter lead the metadata log before it goes, so that nobody has to
 * find out that it is gone, and there is a controller all the time.
 */
public final class Resignation {
  private static final Logger LOG = LoggerFactory.getLogger(Resignation.class);

  private Resignation() {}

  /** Returns when another broker leads, there is none to do so, or the time is over. */
  public static void handOver(RatisMetadataLog log, int nodeId, long timeoutMs) {
    try {
      Optional<Peer> heir = heir(log.quorum(), log.image(), nodeId);
      if (heir.isPresent()) {
        log.change(new MemberChange(Kind.LEAD, heir.get()), timeoutMs)
            .get(timeoutMs, TimeUnit.MILLISECONDS);
        LOG.info("Broker {} leads the metadata log now: this one stops", heir.get().nodeId());
      }
    } catch (IOException | ExecutionException | TimeoutException e) {
      LOG.info("The others elect who leads the metadata log: {}", e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Of the voters that are up the one that has most; empty where this broker does not lead. */
  static Optional<Peer> heir(Quorum quorum, MetadataImage image, int nodeId) {
    if (!quorum.leader().equals(Optional.of(nodeId))) {
      return Optional.empty();
    }
    return quorum.members().stream()
        .filter(member -> member.voter() && member.peer().nodeId() != nodeId)
        .filter(
            member -> image.broker(member.peer().nodeId()).filter(BrokerImage::active).isPresent())
        .min(Comparator.comparingLong(Quorum.Member::lag))
        .map(Quorum.Member::peer);
  }
}
