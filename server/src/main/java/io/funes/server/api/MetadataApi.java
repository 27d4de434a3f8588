package io.funes.server.api;

import io.funes.proto.v1.GetMetadataRequest;
import io.funes.proto.v1.GetMetadataResponse;
import io.funes.proto.v1.MetadataServiceGrpc;
import io.funes.proto.v1.WatchMetadataRequest;
import io.funes.proto.v1.WatchMetadataResponse;
import io.funes.server.api.mapping.MetadataMapping;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.TopicImage;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** {@code MetadataService}: shows the image that this broker has applied. */
public final class MetadataApi extends MetadataServiceGrpc.MetadataServiceImplBase {
  /** More partitions than one message can bring are never needed: a topic has fewer. */
  static final int PARTITIONS_PER_MESSAGE = 20_000;

  private static final int PAGE_DEFAULT = 100;
  private static final int PAGE_MAX = 1_000;
  private static final int NAMES_MAX = 1_000;

  private final MetadataWatches watches;

  public MetadataApi(MetadataWatches watches) {
    this.watches = watches;
  }

  @Override
  public void getMetadata(
      GetMetadataRequest request, StreamObserver<GetMetadataResponse> observer) {
    Replies.guard(
        observer,
        () -> {
          MetadataImage image = watches.image();
          GetMetadataResponse.Builder response =
              GetMetadataResponse.newBuilder()
                  .setRevision(image.revision())
                  .addAllBrokers(MetadataMapping.brokers(image));
          watches.controller().ifPresent(response::setControllerId);
          int size = Replies.pageSize(request.getPageSize(), PAGE_DEFAULT, PAGE_MAX);
          String from = PageToken.decode(request.getPageToken()).orElse("");
          SortedSet<String> names = names(request.getTopicsList());
          if (names.isEmpty()) {
            all(image, from, size, response);
          } else {
            named(image, names.tailSet(from), size, response);
          }
          Replies.answer(observer, response.build());
        });
  }

  private static void all(
      MetadataImage image, String from, int size, GetMetadataResponse.Builder response) {
    int partitions = 0;
    for (TopicImage topic : image.topics().from(from)) {
      if (response.getTopicsCount() == size || partitions >= PARTITIONS_PER_MESSAGE) {
        response.setNextPageToken(PageToken.encode(topic.name().value()));
        return;
      }
      response.addTopics(MetadataMapping.topic(topic));
      partitions += topic.partitions().size();
    }
  }

  private static void named(
      MetadataImage image, SortedSet<String> names, int size, GetMetadataResponse.Builder page) {
    int partitions = 0;
    for (Iterator<String> rest = names.iterator(); rest.hasNext(); ) {
      String name = rest.next();
      if (page.getTopicsCount() == size || partitions >= PARTITIONS_PER_MESSAGE) {
        page.setNextPageToken(PageToken.encode(name));
        return;
      }
      Optional<TopicImage> topic = image.topics().get(name);
      if (topic.isPresent()) {
        page.addTopics(MetadataMapping.topic(topic.get()));
        partitions += topic.get().partitions().size();
      } else {
        page.addUnknownTopics(name);
      }
    }
  }

  @Override
  public void watchMetadata(
      WatchMetadataRequest request, StreamObserver<WatchMetadataResponse> observer) {
    Replies.guard(
        observer,
        () ->
            watches.add(
                (ServerCallStreamObserver<WatchMetadataResponse>) observer,
                names(request.getTopicsList())));
  }

  private static SortedSet<String> names(List<String> asked) {
    if (asked.size() > NAMES_MAX) {
      throw Refusal.of(
              ErrorCode.INVALID_ARGUMENT,
              "%d topics are named: one call takes %d".formatted(asked.size(), NAMES_MAX))
          .field("topics")
          .exception();
    }
    SortedSet<String> names = new TreeSet<>();
    asked.forEach(name -> names.add(new TopicName(name).value()));
    return names;
  }
}
