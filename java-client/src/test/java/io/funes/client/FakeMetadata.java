package io.funes.client;

import io.funes.proto.v1.GetMetadataRequest;
import io.funes.proto.v1.GetMetadataResponse;
import io.funes.proto.v1.MetadataServiceGrpc;
import io.funes.proto.v1.WatchMetadataRequest;
import io.funes.proto.v1.WatchMetadataResponse;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** What one broker of a fake cluster tells of it. */
final class FakeMetadata extends MetadataServiceGrpc.MetadataServiceImplBase {
  private final Map<StreamObserver<WatchMetadataResponse>, WatchMetadataRequest> watchers =
      new ConcurrentHashMap<>();
  private final FakeCluster cluster;

  /** What it said last; said again while it hears of no changes. */
  private volatile GetMetadataResponse old;

  FakeMetadata(FakeCluster cluster) {
    this.cluster = cluster;
  }

  /** Hears of no later change. */
  void deafen(String... topics) {
    old = answer(GetMetadataRequest.newBuilder().addAllTopics(List.of(topics)).build());
  }

  int watchers() {
    return watchers.size();
  }

  void push() {
    if (old == null) {
      watchers.forEach((watcher, request) -> tell(watcher, request));
    }
  }

  private GetMetadataResponse answer(GetMetadataRequest request) {
    return GetMetadataResponse.newBuilder()
        .setRevision(cluster.revision())
        .addAllBrokers(cluster.describeBrokers())
        .addAllTopics(cluster.describeTopics(request.getTopicsList()))
        .build();
  }

  @Override
  public void getMetadata(
      GetMetadataRequest request, StreamObserver<GetMetadataResponse> observer) {
    observer.onNext(old == null ? answer(request) : old);
    observer.onCompleted();
  }

  @Override
  public void watchMetadata(
      WatchMetadataRequest request, StreamObserver<WatchMetadataResponse> observer) {
    watchers.put(observer, request);
    tell(observer, request);
  }

  private void tell(StreamObserver<WatchMetadataResponse> watcher, WatchMetadataRequest request) {
    GetMetadataResponse now =
        old == null
            ? answer(GetMetadataRequest.newBuilder().addAllTopics(request.getTopicsList()).build())
            : old;
    synchronized (watcher) {
      try {
        watcher.onNext(
            WatchMetadataResponse.newBuilder()
                .setRevision(now.getRevision())
                .addAllBrokers(now.getBrokersList())
                .addAllTopics(now.getTopicsList())
                .build());
      } catch (RuntimeException e) {
        // The watcher has gone.
        watchers.remove(watcher);
      }
    }
  }
}
