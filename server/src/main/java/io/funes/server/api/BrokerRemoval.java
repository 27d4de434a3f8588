package io.funes.server.api;

import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataCommand.UnregisterBroker;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.metadata.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Forgets a broker: first in the quorum, where it would go on to count, then in the image. Failing
 * in between leaves a broker that can be removed by the same call again.
 */
final class BrokerRemoval {
  private static final long NO_EPOCH = -1;

  private final MetadataLog metadata;
  private final QuorumView.Source quorum;

  BrokerRemoval(MetadataLog metadata, QuorumView.Source quorum) {
    this.metadata = metadata;
    this.quorum = quorum;
  }

  CompletableFuture<Void> remove(int brokerId) {
    Optional<BrokerImage> broker = metadata.image().broker(brokerId);
    if (broker.isEmpty() && quorum.view().has(brokerId)) {
      return quorum.remove(brokerId); // It joined and never registered.
    }
    UnregisterBroker command =
        new UnregisterBroker(brokerId, broker.map(BrokerImage::epoch).orElse(NO_EPOCH));
    // Before it leaves the quorum, which a broker that is up must not.
    MetadataStateMachine.validate(metadata.image(), command).orThrow();
    return quorum
        .remove(brokerId)
        .thenCompose(_ -> metadata.submit(command))
        .thenApply(Outcome::orThrow)
        .thenApply(_ -> null);
  }
}
