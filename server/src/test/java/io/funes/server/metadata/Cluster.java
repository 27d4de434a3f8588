package io.funes.server.metadata;

import io.funes.server.common.Refusal;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.Outcome.Applied;
import io.funes.server.metadata.Outcome.Refused;
import io.funes.server.metadata.Outcome.TopicChanged;
import java.util.Optional;

/** An image that commands are applied to one after the other, form checks included. */
final class Cluster {
  MetadataImage image = MetadataImage.EMPTY;
  MetadataDelta delta = MetadataDelta.NONE;

  static Cluster of(int brokers) {
    Cluster cluster = new Cluster();
    for (int id = 1; id <= brokers; id++) {
      cluster.apply(Commands.register(id));
    }
    return cluster;
  }

  Outcome apply(MetadataCommand command) {
    Optional<Refusal> malformed = CommandForm.check(command);
    if (malformed.isPresent()) {
      return new Refused(malformed.get());
    }
    Step step = MetadataStateMachine.apply(image, command);
    image = step.image();
    delta = step.delta();
    return step.outcome();
  }

  TopicImage changed(MetadataCommand command) {
    return switch (apply(command)) {
      case Applied(TopicChanged(TopicImage topic)) -> topic;
      case Outcome other -> throw new AssertionError("not a changed topic: " + other);
    };
  }

  Refusal refused(MetadataCommand command) {
    return switch (apply(command)) {
      case Refused(Refusal refusal) -> refusal;
      case Applied applied -> throw new AssertionError("not refused: " + applied);
    };
  }

  TopicImage topic(String name) {
    return image.topic(new TopicName(name)).orElseThrow();
  }
}
