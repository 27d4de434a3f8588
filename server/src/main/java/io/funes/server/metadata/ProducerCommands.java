package io.funes.server.metadata;

import io.funes.server.metadata.MetadataCommand.InitProducer;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.Outcome.ProducerInitialized;
import java.util.Optional;

/** Producers get their ids and epochs. */
final class ProducerCommands {
  private ProducerCommands() {}

  static Step init(MetadataImage image, InitProducer command) {
    long freshId = image.nextProducerId();
    if (command.name().isEmpty()) {
      return Step.applied(
          image,
          image.withNextProducerId(freshId + 1),
          MetadataDelta.NONE,
          new ProducerInitialized(freshId, 0));
    }
    Optional<ProducerImage> known = image.producers().get(command.name());
    if (known.isEmpty() && image.producers().size() >= command.limits().producerNamesMax()) {
      return Step.refused(image, MetadataRefusals.tooManyProducers(command.limits()));
    }
    if (known.isPresent() && known.get().epoch() == Integer.MAX_VALUE) {
      return Step.refused(image, MetadataRefusals.epochsUsedUp(command.name()));
    }
    ProducerImage producer =
        known
            .map(old -> new ProducerImage(old.name(), old.producerId(), old.epoch() + 1))
            .orElseGet(() -> new ProducerImage(command.name(), freshId, 0));
    MetadataImage next = known.isPresent() ? image : image.withNextProducerId(freshId + 1);
    return Step.applied(
        image,
        next.withProducer(producer),
        MetadataDelta.NONE,
        new ProducerInitialized(producer.producerId(), producer.epoch()));
  }
}
