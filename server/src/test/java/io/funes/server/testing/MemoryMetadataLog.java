package io.funes.server.testing;

import io.funes.server.common.Refusal;
import io.funes.server.metadata.CommandForm;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataDelta;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataListener;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.metadata.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A metadata log without a log: commands are applied at once, and forgotten at the end. */
public final class MemoryMetadataLog implements MetadataLog {
  private final List<MetadataListener> listeners = new ArrayList<>();
  private MetadataImage image = MetadataImage.EMPTY;
  private RuntimeException failure;

  /** Answers all further commands with this. */
  synchronized void fail(RuntimeException cause) {
    failure = cause;
  }

  @Override
  public synchronized CompletableFuture<Outcome> submit(MetadataCommand command) {
    if (failure != null) {
      return CompletableFuture.failedFuture(failure);
    }
    Optional<Refusal> malformed = CommandForm.check(command);
    if (malformed.isPresent()) {
      return CompletableFuture.completedFuture(new Outcome.Refused(malformed.get()));
    }
    MetadataStateMachine.Step step = MetadataStateMachine.apply(image, command);
    image = step.image();
    listeners.forEach(listener -> listener.changed(image, step.delta()));
    return CompletableFuture.completedFuture(step.outcome());
  }

  @Override
  public synchronized MetadataImage image() {
    return image;
  }

  @Override
  public synchronized void subscribe(MetadataListener listener) {
    listener.changed(image, MetadataDelta.between(MetadataImage.EMPTY, image));
    listeners.add(listener);
  }
}
