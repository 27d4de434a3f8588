package io.funes.server.api;

import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.CreateTopicResponse;
import io.funes.proto.v1.DeleteTopicRequest;
import io.funes.proto.v1.DeleteTopicResponse;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.GetTopicResponse;
import io.funes.proto.v1.ListTopicsRequest;
import io.funes.proto.v1.ListTopicsResponse;
import io.funes.proto.v1.TopicServiceGrpc;
import io.funes.proto.v1.UpdateTopicRequest;
import io.funes.proto.v1.UpdateTopicResponse;
import io.funes.server.api.mapping.TopicMapping;
import io.funes.server.common.Ticker;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataCommand.Origin;
import io.funes.server.metadata.MetadataLimits;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.TopicImage;
import io.funes.server.replication.DiskGate;
import io.grpc.stub.StreamObserver;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;

/** {@code TopicService}: reads the metadata image, and submits commands to its log. */
public final class TopicApi extends TopicServiceGrpc.TopicServiceImplBase {
  private static final int PAGE_DEFAULT = 100;
  private static final int PAGE_MAX = 1_000;

  /** What a topic gets that asks for nothing. */
  public record Defaults(int partitionCount, int replicationFactor) {}

  private final MetadataLog metadata;
  private final TopicMapping mapping;
  private final Defaults defaults;
  private final MetadataLimits limits;
  private final DiskGate diskGate;
  private final Ticker ticker;

  public TopicApi(
      MetadataLog metadata,
      TopicMapping mapping,
      Defaults defaults,
      MetadataLimits limits,
      DiskGate diskGate,
      Ticker ticker) {
    this.metadata = metadata;
    this.mapping = mapping;
    this.defaults = defaults;
    this.limits = limits;
    this.diskGate = diskGate;
    this.ticker = ticker;
  }

  @Override
  public void createTopic(
      CreateTopicRequest request, StreamObserver<CreateTopicResponse> observer) {
    Replies.guard(
        observer,
        () -> {
          // The metadata log must never meet a full disk. Changes that make room stay possible.
          diskGate.check();
          int partitions = request.getPartitionCount();
          int replicas = request.getReplicationFactor();
          MetadataCommand command =
              new MetadataCommand.CreateTopic(
                  new TopicId(UUID.randomUUID()),
                  new TopicName(request.getName()),
                  partitions == 0 ? defaults.partitionCount() : partitions,
                  replicas == 0 ? defaults.replicationFactor() : replicas,
                  request.getConfigsMap(),
                  ticker.epochMs(),
                  Origin.CLIENT,
                  limits);
          change(
              command,
              request.getValidateOnly(),
              observer,
              topic -> {
                var message = mapping.full(topic);
                if (request.getValidateOnly()) {
                  message.clearId().clearCreateTime();
                }
                return CreateTopicResponse.newBuilder().setTopic(message).build();
              });
        });
  }

  @Override
  public void getTopic(GetTopicRequest request, StreamObserver<GetTopicResponse> observer) {
    Replies.guard(
        observer,
        () -> {
          TopicImage topic =
              TopicMapping.existing(metadata.image(), new TopicName(request.getName()));
          Replies.answer(
              observer, GetTopicResponse.newBuilder().setTopic(mapping.full(topic)).build());
        });
  }

  @Override
  public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> observer) {
    Replies.guard(
        observer,
        () -> {
          int size = Replies.pageSize(request.getPageSize(), PAGE_DEFAULT, PAGE_MAX);
          String prefix = request.getNamePrefix();
          String from = PageToken.decode(request.getPageToken()).orElse(prefix);
          ListTopicsResponse.Builder response = ListTopicsResponse.newBuilder();
          for (TopicImage topic : metadata.image().topics().from(max(from, prefix))) {
            String name = topic.name().value();
            if (!name.startsWith(prefix)) {
              break;
            }
            if (topic.name().internal() && !request.getIncludeInternal()) {
              continue;
            }
            if (response.getTopicsCount() == size) {
              response.setNextPageToken(PageToken.encode(name));
              break;
            }
            response.addTopics(mapping.brief(topic));
          }
          Replies.answer(observer, response.build());
        });
  }

  private static String max(String a, String b) {
    return a.compareTo(b) >= 0 ? a : b;
  }

  @Override
  public void updateTopic(
      UpdateTopicRequest request, StreamObserver<UpdateTopicResponse> observer) {
    Replies.guard(
        observer,
        () -> {
          MetadataCommand command =
              new MetadataCommand.UpdateTopic(
                  new TopicName(request.getName()),
                  expectedId(request.getTopicId()),
                  request.hasPartitionCount()
                      ? OptionalInt.of(request.getPartitionCount())
                      : OptionalInt.empty(),
                  request.getConfigsMap(),
                  Set.copyOf(request.getResetConfigsList()),
                  Origin.CLIENT,
                  limits);
          change(
              command,
              request.getValidateOnly(),
              observer,
              topic -> UpdateTopicResponse.newBuilder().setTopic(mapping.full(topic)).build());
        });
  }

  @Override
  public void deleteTopic(
      DeleteTopicRequest request, StreamObserver<DeleteTopicResponse> observer) {
    Replies.guard(
        observer,
        () -> {
          MetadataCommand command =
              new MetadataCommand.DeleteTopic(
                  new TopicName(request.getName()),
                  expectedId(request.getTopicId()),
                  Origin.CLIENT);
          Replies.complete(
              observer,
              metadata.submit(command).thenApply(Outcome::orThrow),
              deleted -> DeleteTopicResponse.getDefaultInstance());
        });
  }

  private <T> void change(
      MetadataCommand command,
      boolean validateOnly,
      StreamObserver<T> observer,
      Function<TopicImage, T> response) {
    if (validateOnly) {
      Outcome outcome = MetadataStateMachine.validate(metadata.image(), command);
      Replies.answer(observer, response.apply(changed(outcome.orThrow())));
      return;
    }
    Replies.complete(
        observer,
        metadata.submit(command).thenApply(Outcome::orThrow),
        result -> response.apply(changed(result)));
  }

  private static TopicImage changed(Outcome.Result result) {
    return ((Outcome.TopicChanged) result).topic();
  }

  private static Optional<TopicId> expectedId(String topicId) {
    return topicId.isEmpty() ? Optional.empty() : Optional.of(TopicId.parse(topicId));
  }
}
