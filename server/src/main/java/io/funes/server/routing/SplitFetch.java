package io.funes.server.routing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.FetchResponse;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.PartitionStart;
import io.funes.proto.v1.Start;
import io.funes.proto.v1.TopicStart;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/**
 * One {@code Fetch} of several leaders. All are asked for what they have; when that is too little,
 * all are asked to wait, and the first that does not wait any longer ends it for the others too.
 */
final class SplitFetch {
  private static final MethodDescriptor<FetchRequest, ByteString> FETCH =
      FetchServiceGrpc.getFetchMethod().toBuilder(
              FetchServiceGrpc.getFetchMethod().getRequestMarshaller(), Bytes.MARSHALLER)
          .build();

  private final Routes routes;
  private final LeaderSplit split;
  private final FetchRequest request;
  private final Caller caller;
  private final int bytesMax;
  private final int bytesMin;

  SplitFetch(Routes routes, LeaderSplit split, FetchRequest request, Caller caller) {
    this.routes = routes;
    this.split = split;
    this.request = request;
    this.caller = caller;
    this.bytesMax = request.getMaxBytes() == 0 ? ReadLimits.BYTES_DEFAULT : request.getMaxBytes();
    this.bytesMin = Math.max(1, request.getMinBytes());
  }

  /** The whole of it, unchanged, to the only leader. */
  CompletableFuture<ByteString> whole() {
    return call(split.order().getFirst(), request);
  }

  CompletableFuture<ByteString> inParts() {
    Map<Leader, CompletableFuture<FetchResponse>> calls = new LinkedHashMap<>();
    split.parts().forEach((leader, topics) -> calls.put(leader, part(leader, topics, 0)));
    return Parts.all(calls)
        .thenCompose(found ->
            request.getMaxWaitMs() == 0 || bytes(found) >= bytesMin
                ? CompletableFuture.completedFuture(found)
                : waited(found))
        .thenApply(found -> merged(found).toByteString());
  }

  private CompletableFuture<ByteString> call(Leader leader, FetchRequest part) {
    return RemoteCall.unary(routes, leader, FETCH, part, caller);
  }

  private CompletableFuture<FetchResponse> part(
      Leader leader, List<TopicStart> topics, int waitMs) {
    FetchRequest part =
        request.toBuilder()
            .clearTopics()
            .addAllTopics(topics)
            .setMaxBytes(Math.max(1, bytesMax / split.parts().size()))
            .setMaxWaitMs(waitMs)
            .build();
    CompletableFuture<ByteString> call = call(leader, part);
    CompletableFuture<FetchResponse> answer = call.thenApply(SplitFetch::response);
    var _ =
        answer.whenComplete((response, failure) -> {
          if (answer.isCancelled()) {
            call.cancel(false);
          }
        });
    return answer;
  }

  /** Asks all to wait where they have nothing yet, until the first one answers. */
  private CompletableFuture<Map<Leader, FetchResponse>> waited(Map<Leader, FetchResponse> found) {
    CompletableFuture<Map<Leader, FetchResponse>> first = new CompletableFuture<>();
    Map<Leader, CompletableFuture<FetchResponse>> calls = new LinkedHashMap<>();
    found.forEach((leader, answer) ->
        calls.put(
            leader,
            part(leader, resolved(split.parts().get(leader), answer), request.getMaxWaitMs())));
    calls.forEach((leader, call) -> {
      var _ =
          call.whenComplete((answer, failure) -> {
            Map<Leader, FetchResponse> all = new LinkedHashMap<>(found);
            all.put(leader, answer);
            if (failure == null ? first.complete(all) : first.completeExceptionally(failure)) {
              Parts.cancel(calls);
            }
          });
    });
    return first;
  }

  /** The same places by offset: what "latest" meant at first it means while it waits. */
  private static List<TopicStart> resolved(List<TopicStart> topics, FetchResponse answer) {
    Iterator<PartitionBatches> places = answer.getPartitionsList().iterator();
    List<TopicStart> resolved = new ArrayList<>(topics.size());
    for (TopicStart topic : topics) {
      TopicStart.Builder at = topic.toBuilder().clearPartitions();
      for (PartitionStart partition : topic.getPartitionsList()) {
        at.addPartitions(
            partition.toBuilder()
                .setStart(Start.newBuilder().setOffset(places.next().getStartOffset())));
      }
      resolved.add(at.build());
    }
    return resolved;
  }

  private static long bytes(Map<Leader, FetchResponse> found) {
    return found.values().stream()
        .flatMap(answer -> answer.getPartitionsList().stream())
        .mapToLong(SplitFetch::bytes)
        .sum();
  }

  private static long bytes(PartitionBatches partition) {
    return partition.getBatchesCount() == 0 ? 0 : partition.getSerializedSize();
  }

  /** In the order asked for, and no more than was asked for but for the first batch. */
  private FetchResponse merged(Map<Leader, FetchResponse> found) {
    Map<Leader, List<PartitionBatches>> partitions = new LinkedHashMap<>();
    found.forEach((leader, answer) -> partitions.put(leader, answer.getPartitionsList()));
    FetchResponse.Builder merged = FetchResponse.newBuilder();
    long sent = 0;
    for (PartitionBatches partition : split.merge(partitions)) {
      boolean room = sent == 0 || sent + bytes(partition) <= bytesMax;
      merged.addPartitions(room ? partition : without(partition));
      sent += room ? bytes(partition) : 0;
    }
    return merged.build();
  }

  private static PartitionBatches without(PartitionBatches partition) {
    return partition.toBuilder().clearBatches().setNextOffset(partition.getStartOffset()).build();
  }

  private static FetchResponse response(ByteString message) {
    try {
      return FetchResponse.parseFrom(message);
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a leader's answer cannot be read", e);
    }
  }
}
