package io.funes.server.api;

import io.funes.proto.v1.WatchMetadataResponse;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.MetadataDelta;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataListener;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;

/**
 * Those who watch the metadata. A change only wakes them, so the thread that applies the log is
 * never held up by a reader.
 */
public final class MetadataWatches implements MetadataListener {
  private final Executor workers;
  private final Supplier<OptionalInt> controller;
  private final Set<MetadataWatch> watches = ConcurrentHashMap.newKeySet();
  private volatile MetadataImage image = MetadataImage.EMPTY;
  private volatile Optional<Refusal> ended = Optional.empty();

  /**
   * Without any watch yet, and without an image until it is subscribed.
   *
   * @param controller the broker that decides on leaders, where this one knows it
   */
  public MetadataWatches(Executor workers, Supplier<OptionalInt> controller) {
    this.workers = workers;
    this.controller = controller;
  }

  @Override
  public void changed(MetadataImage newImage, MetadataDelta delta) {
    image = newImage;
    if (!delta.isEmpty()) {
      wakeAll();
    }
  }

  /** They look again: there is another controller. */
  public void wakeAll() {
    watches.forEach(MetadataWatch::wake);
  }

  MetadataImage image() {
    return image;
  }

  OptionalInt controller() {
    return controller.get();
  }

  Executor workers() {
    return workers;
  }

  void add(ServerCallStreamObserver<WatchMetadataResponse> call, SortedSet<String> topics) {
    MetadataWatch watch = new MetadataWatch(call, topics, this);
    call.setOnCancelHandler(() -> watches.remove(watch));
    call.setOnReadyHandler(watch::wake);
    watches.add(watch);
    watch.wake();
    ended.ifPresent(watch::end); // After it was added: end() has it, or it is ended here.
  }

  /** Ends them all, and those that still come. */
  public void end(Refusal why) {
    ended = Optional.of(why);
    watches.forEach(watch -> watch.end(why));
    watches.clear();
  }
}
