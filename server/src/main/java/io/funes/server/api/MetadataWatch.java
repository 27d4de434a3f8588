package io.funes.server.api;

import io.funes.proto.v1.Broker;
import io.funes.proto.v1.WatchMetadataResponse;
import io.funes.server.api.mapping.MetadataMapping;
import io.funes.server.api.mapping.StatusMapping;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.TopicImage;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One {@code WatchMetadata}. It keeps what it has told and compares that with the newest image when
 * the caller takes more, so nothing is queued for one that is slow.
 */
final class MetadataWatch implements Runnable {
  private final ServerCallStreamObserver<WatchMetadataResponse> call;
  private final SortedSet<String> topics;
  private final MetadataWatches watches;
  private final Map<String, Optional<TopicImage>> toldTopics = new HashMap<>();
  private final AtomicBoolean woken = new AtomicBoolean();
  private Optional<List<Broker>> toldBrokers = Optional.empty();
  private OptionalInt toldController = OptionalInt.empty();
  private boolean ended;

  MetadataWatch(
      ServerCallStreamObserver<WatchMetadataResponse> call,
      SortedSet<String> topics,
      MetadataWatches watches) {
    this.call = call;
    this.topics = topics;
    this.watches = watches;
  }

  /** Lets it look, or look again. Any thread, never blocks. */
  void wake() {
    if (!woken.getAndSet(true)) {
      watches.workers().execute(this);
    }
  }

  @Override
  public void run() {
    woken.set(false);
    tell();
  }

  private synchronized void tell() {
    while (!ended && call.isReady()) {
      Optional<WatchMetadataResponse> news = news(watches.image());
      if (news.isEmpty()) {
        return;
      }
      call.onNext(news.get());
    }
  }

  private Optional<WatchMetadataResponse> news(MetadataImage image) {
    List<Broker> brokers = MetadataMapping.brokers(image);
    OptionalInt controller = watches.controller();
    WatchMetadataResponse.Builder message =
        WatchMetadataResponse.newBuilder().setRevision(image.revision()).addAllBrokers(brokers);
    controller.ifPresent(message::setControllerId);
    boolean sameBrokers =
        toldBrokers.equals(Optional.of(brokers)) && toldController.equals(controller);
    if (!addTopics(image, message) && sameBrokers) {
      return Optional.empty();
    }
    toldBrokers = Optional.of(brokers);
    toldController = controller;
    return Optional.of(message.build());
  }

  /** Adds those that are other than they were told; false where none is. */
  private boolean addTopics(MetadataImage image, WatchMetadataResponse.Builder message) {
    int partitions = 0;
    boolean added = false;
    for (String name : topics) {
      Optional<TopicImage> topic = image.topics().get(name);
      if (topic.equals(toldTopics.get(name))) {
        continue;
      }
      if (partitions >= MetadataApi.PARTITIONS_PER_MESSAGE) {
        message.setPartial(true);
        break;
      }
      added = true;
      toldTopics.put(name, topic);
      if (topic.isPresent()) {
        message.addTopics(MetadataMapping.topic(topic.get()));
        partitions += topic.get().partitions().size();
      } else {
        message.addUnknownTopics(name);
      }
    }
    return added;
  }

  synchronized void end(Refusal why) {
    if (!ended) {
      ended = true;
      call.onError(StatusMapping.exception(why.exception()));
    }
  }
}
