package io.funes.client;

import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.CreateTopicResponse;
import io.funes.proto.v1.DeleteTopicRequest;
import io.funes.proto.v1.DeleteTopicResponse;
import io.funes.proto.v1.ErrorReason;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.GetTopicResponse;
import io.funes.proto.v1.ListTopicsRequest;
import io.funes.proto.v1.ListTopicsResponse;
import io.funes.proto.v1.Topic;
import io.funes.proto.v1.TopicServiceGrpc;
import io.funes.proto.v1.UpdateTopicRequest;
import io.funes.proto.v1.UpdateTopicResponse;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Topics of the fake broker. */
final class FakeTopics extends TopicServiceGrpc.TopicServiceImplBase {
  final AtomicInteger looks = new AtomicInteger();
  final AtomicInteger pages = new AtomicInteger();

  /** Look-ups of the topic of this name are answered only by {@link #release}. */
  volatile String heldName = "";

  private final Queue<Runnable> held = new ConcurrentLinkedQueue<>();
  private final FakeBroker broker;

  FakeTopics(FakeBroker broker) {
    this.broker = broker;
  }

  boolean holdsSome() {
    return !held.isEmpty();
  }

  void release() {
    heldName = "";
    for (Runnable look = held.poll(); look != null; look = held.poll()) {
      look.run();
    }
  }

  private <A> void answer(StreamObserver<A> observer, Supplier<A> work) {
    try {
      A answer;
      synchronized (broker.topics) {
        answer = work.get();
      }
      observer.onNext(answer);
      observer.onCompleted();
    } catch (StatusRuntimeException e) {
      observer.onError(e);
    }
  }

  @Override
  public void createTopic(
      CreateTopicRequest request, StreamObserver<CreateTopicResponse> observer) {
    answer(
        observer,
        () -> {
          if (broker.topics.containsKey(request.getName())) {
            throw Refusals.exception(ErrorReason.ERROR_REASON_TOPIC_EXISTS, "there is one");
          }
          FakeTopic topic =
              new FakeTopic(request.getName(), Math.max(1, request.getPartitionCount()));
          topic.configs.putAll(request.getConfigsMap());
          if (!request.getValidateOnly()) {
            broker.topics.put(topic.name, topic);
          }
          return CreateTopicResponse.newBuilder().setTopic(topic.describe()).build();
        });
  }

  @Override
  public void getTopic(GetTopicRequest request, StreamObserver<GetTopicResponse> observer) {
    looks.incrementAndGet();
    if (request.getName().equals(heldName)) {
      held.add(() -> look(request, observer));
    } else {
      look(request, observer);
    }
  }

  private void look(GetTopicRequest request, StreamObserver<GetTopicResponse> observer) {
    answer(
        observer,
        () ->
            GetTopicResponse.newBuilder()
                .setTopic(broker.find(request.getName()).describe())
                .build());
  }

  /** Two topics a page. */
  @Override
  public void listTopics(ListTopicsRequest request, StreamObserver<ListTopicsResponse> observer) {
    pages.incrementAndGet();
    answer(
        observer,
        () -> {
          List<Topic> rest =
              broker.topics.values().stream()
                  .map(FakeTopic::describe)
                  .filter(topic -> topic.getName().startsWith(request.getNamePrefix()))
                  .filter(topic -> topic.getName().compareTo(request.getPageToken()) > 0)
                  .toList();
          List<Topic> page = rest.subList(0, Math.min(2, rest.size()));
          return ListTopicsResponse.newBuilder()
              .addAllTopics(page)
              .setNextPageToken(rest.size() > 2 ? page.get(1).getName() : "")
              .build();
        });
  }

  @Override
  public void updateTopic(
      UpdateTopicRequest request, StreamObserver<UpdateTopicResponse> observer) {
    answer(
        observer,
        () -> {
          FakeTopic topic = broker.find(request.getName());
          topic.grow(request.getPartitionCount());
          topic.configs.putAll(request.getConfigsMap());
          request.getResetConfigsList().forEach(topic.configs::remove);
          return UpdateTopicResponse.newBuilder().setTopic(topic.describe()).build();
        });
  }

  @Override
  public void deleteTopic(
      DeleteTopicRequest request, StreamObserver<DeleteTopicResponse> observer) {
    answer(
        observer,
        () -> {
          broker.topics.remove(broker.find(request.getName()).name);
          return DeleteTopicResponse.getDefaultInstance();
        });
  }
}
