package io.funes.server.replication;

import io.funes.server.metadata.MetadataDelta;
import io.funes.server.metadata.MetadataDelta.Change;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataListener;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.metrics.Metrics;
import io.funes.server.metrics.Metrics.Counter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes it heard that a replica leads though others may have committed records that it lacks: once
 * in the cluster, on the broker that leads. The last leader that leads again where nobody can have
 * more is no such thing.
 */
public final class UncleanElections implements MetadataListener {
  private static final Logger LOG = LoggerFactory.getLogger(UncleanElections.class);

  private final int brokerId;
  private final Counter elections;

  public UncleanElections(int brokerId, Metrics metrics) {
    this.brokerId = brokerId;
    this.elections =
        metrics.counter(
            "funes_unclean_elections_total",
            "Partitions that this broker came to lead though it may lack committed records.");
  }

  @Override
  public void changed(MetadataImage image, MetadataDelta delta) {
    for (Change change : delta.changed()) {
      for (int number : change.newLeaderEpochs()) {
        PartitionImage now = change.after().partitions().get(number);
        if (now.leaderId() == brokerId && unclean(change.before().partitions().get(number), now)) {
          elections.increment();
          LOG.warn(
              "topic {}, partition {}: broker {} leads by an unclean election, in leader epoch {}:"
                  + " acknowledged records that it does not have are lost",
              change.after().name(),
              number,
              brokerId,
              now.leaderEpoch());
        }
      }
    }
  }

  private static boolean unclean(PartitionImage before, PartitionImage now) {
    boolean elected =
        now.recovering() && !(before.recovering() && before.leaderId() == now.leaderId());
    int last =
        before.leaderId() == PartitionImage.NO_LEADER ? before.lastLeaderId() : before.leaderId();
    boolean othersHaveMore = !before.inSync().isEmpty() || !before.eligibleLeaders().isEmpty();
    return elected && (now.leaderId() != last || othersHaveMore);
  }
}
