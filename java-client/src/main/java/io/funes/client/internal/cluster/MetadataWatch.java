package io.funes.client.internal.cluster;

import io.funes.proto.v1.MetadataServiceGrpc;
import io.funes.proto.v1.WatchMetadataRequest;
import io.funes.proto.v1.WatchMetadataResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.Collection;

/** One {@code WatchMetadata} call. */
final class MetadataWatch extends ClientCall.Listener<WatchMetadataResponse> {
  private final ClientCall<WatchMetadataRequest, WatchMetadataResponse> call;
  private final Listener listener;

  /** Who hears what comes. */
  interface Listener {
    void told(MetadataWatch by, WatchMetadataResponse news);

    void ended(MetadataWatch watch, Status status);
  }

  MetadataWatch(Channel channel, Listener listener) {
    this.call = channel.newCall(MetadataServiceGrpc.getWatchMetadataMethod(), CallOptions.DEFAULT);
    this.listener = listener;
  }

  void start(Collection<String> topics) {
    call.start(this, new Metadata());
    call.sendMessage(WatchMetadataRequest.newBuilder().addAllTopics(topics).build());
    call.halfClose();
    call.request(1);
  }

  void cancel() {
    call.cancel("no longer needed", null);
  }

  @Override
  public void onMessage(WatchMetadataResponse news) {
    listener.told(this, news);
    call.request(1);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    listener.ended(this, status);
  }
}
