package io.funes.server.routing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.ListOffsetsResponse;
import io.funes.proto.v1.PartitionOffset;
import io.funes.proto.v1.ReadRequest;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.RefusedException;
import io.funes.server.replication.PartitionTable;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** Reads of partitions that this broker does not lead, or not all of. */
public final class ReadForward {
  private static final MethodDescriptor<ListOffsetsRequest, ByteString> LIST_OFFSETS =
      FetchServiceGrpc.getListOffsetsMethod().toBuilder(
              FetchServiceGrpc.getListOffsetsMethod().getRequestMarshaller(), Bytes.MARSHALLER)
          .build();

  private final PartitionTable table;
  private final Routes routes;

  public ReadForward(PartitionTable table, Routes routes) {
    this.table = table;
    this.routes = routes;
  }

  /**
   * What the leaders answered.
   *
   * @param message encoded; fails with gRPC's exception
   * @param leaders their addresses
   */
  public record Answer(CompletableFuture<ByteString> message, List<String> leaders) {
    static Answer of(CompletableFuture<ByteString> message, LeaderSplit split) {
      return new Answer(message, split.parts().keySet().stream().map(Leader::address).toList());
    }

    /** For the end of the call: who led. */
    public Metadata addTo(Metadata trailers) {
      leaders.forEach(address -> trailers.put(Caller.LEADER, address));
      return trailers;
    }
  }

  /**
   * Whether a call that was refused here may be answered elsewhere; else it ends with what {@link
   * #refusal} makes of it.
   */
  public boolean takes(RefusedException refused, Caller caller) {
    return refused.code() == ErrorCode.NOT_LEADER && !caller.forwarded();
  }

  /** The refusal as its caller should see it. */
  public RefusedException refusal(RefusedException refused) {
    return routes.addressed(refused);
  }

  /** Sends a fetch on that was refused with {@code refused}. */
  public Answer fetch(FetchRequest request, Caller caller, RefusedException refused) {
    LeaderSplit split = split(LeaderSplit.of(request.getTopicsList(), table, routes), refused);
    SplitFetch fetch = new SplitFetch(routes, split, request, caller);
    return Answer.of(split.parts().size() == 1 ? fetch.whole() : fetch.inParts(), split);
  }

  /** Sends a question for offsets on that was refused with {@code refused}. */
  public Answer listOffsets(ListOffsetsRequest request, Caller caller, RefusedException refused) {
    LeaderSplit split = split(LeaderSplit.of(request.getTopicsList(), table, routes), refused);
    Map<Leader, CompletableFuture<ByteString>> calls = new LinkedHashMap<>();
    split
        .parts()
        .forEach((leader, topics) ->
            calls.put(
                leader,
                RemoteCall.unary(
                    routes,
                    leader,
                    LIST_OFFSETS,
                    ListOffsetsRequest.newBuilder().addAllTopics(topics).build(),
                    caller)));
    CompletableFuture<ByteString> message =
        Parts.all(calls).thenApply(answers -> merged(split, answers));
    return Answer.of(message, split);
  }

  /**
   * Reads at the leaders what was refused here with {@code refused}.
   *
   * @param wake run whenever one of them has something new
   */
  public RemoteReads read(
      ReadRequest request, Caller caller, RefusedException refused, Runnable wake) {
    if (!takes(refused, caller)) {
      throw refused;
    }
    LeaderSplit split = split(LeaderSplit.of(request.getTopicsList(), table, routes), refused);
    List<RemoteRead> reads = new ArrayList<>();
    split
        .parts()
        .forEach((leader, topics) ->
            reads.add(
                new RemoteRead(
                    routes,
                    leader,
                    request.toBuilder().clearTopics().addAllTopics(topics).build(),
                    caller,
                    wake)));
    return new RemoteReads(reads);
  }

  /** Nothing is gained where all of it is led here after all. */
  private LeaderSplit split(LeaderSplit split, RefusedException refused) {
    if (split.parts().keySet().stream().allMatch(routes::isHere)) {
      throw routes.addressed(refused);
    }
    return split;
  }

  private static ByteString merged(LeaderSplit split, Map<Leader, ByteString> answers) {
    Map<Leader, List<PartitionOffset>> offsets = new LinkedHashMap<>();
    answers.forEach((leader, answer) -> offsets.put(leader, offsets(answer)));
    return ListOffsetsResponse.newBuilder()
        .addAllOffsets(split.merge(offsets))
        .build()
        .toByteString();
  }

  private static List<PartitionOffset> offsets(ByteString answer) {
    try {
      return ListOffsetsResponse.parseFrom(answer).getOffsetsList();
    } catch (InvalidProtocolBufferException e) {
      throw new IllegalStateException("a leader's answer cannot be read", e);
    }
  }
}
