package io.funes.server.api.fetch;

import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.ListOffsetsResponse;
import io.funes.proto.v1.PartitionOffset;
import io.funes.server.api.fetch.ReplyMarshaller.Reply;
import io.funes.server.api.mapping.RequestMarshaller;
import io.funes.server.api.mapping.StatusMapping;
import io.funes.server.common.Deadline;
import io.funes.server.common.RefusedException;
import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import io.funes.server.replication.PartitionTable;
import io.funes.server.routing.Caller;
import io.funes.server.routing.ReadForward;
import io.funes.server.routing.Routes;
import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * {@code FetchService}: its calls are started here and answered on reader threads, so that a slow
 * disk holds up readers only.
 */
public final class FetchCalls {
  private static final ReplyMarshaller REPLIES = new ReplyMarshaller();

  private final ReadForward forward;
  private final ReadTargets targets;
  private final ReadStreams streams;
  private final Executor readers;
  private final Scheduler scheduler;
  private final Ticker ticker;

  public FetchCalls(
      PartitionTable table,
      Executor readers,
      Scheduler scheduler,
      Ticker ticker,
      long heartbeatIntervalMs,
      Routes routes) {
    this.forward = new ReadForward(table, routes);
    this.targets = new ReadTargets(table, forward);
    this.streams = new ReadStreams(targets, readers, scheduler, ticker, heartbeatIntervalMs);
    this.readers = readers;
    this.scheduler = scheduler;
    this.ticker = ticker;
  }

  /** The methods of the service. */
  public List<ServerMethodDefinition<?, ?>> methods() {
    return List.of(
        fetch(),
        read(),
        ServerMethodDefinition.create(
            FetchServiceGrpc.getListOffsetsMethod(), this::startListOffsets));
  }

  /** Asks all readers to go elsewhere. */
  public void drain() {
    streams.drain();
  }

  private ServerMethodDefinition<?, ?> fetch() {
    var method = FetchServiceGrpc.getFetchMethod();
    MethodDescriptor<FetchRequest, Reply> sending =
        method.toBuilder(method.getRequestMarshaller(), REPLIES).build();
    return ServerMethodDefinition.create(sending, (call, headers) -> startFetch(call, headers));
  }

  private ServerCall.Listener<FetchRequest> startFetch(
      ServerCall<FetchRequest, Reply> call, Metadata headers) {
    Caller caller = Caller.of(headers);
    call.request(1);
    return new ServerCall.Listener<>() {
      private LongPoll poll;

      @Override
      public void onMessage(FetchRequest request) {
        try {
          poll =
              new LongPoll(
                  call,
                  request,
                  streams,
                  scheduler,
                  callersDeadline(),
                  new ForwardedFetch(call, request, caller, forward, streams));
          poll.wake();
        } catch (RuntimeException e) {
          StatusRuntimeException why = StatusMapping.exception(e);
          call.close(why.getStatus(), why.getTrailers());
        }
      }

      @Override
      public void onCancel() {
        if (poll != null) {
          poll.stop();
        }
      }
    };
  }

  private Deadline callersDeadline() {
    io.grpc.Deadline deadline = Context.current().getDeadline();
    return deadline == null
        ? Deadline.never(ticker)
        : Deadline.after(deadline.timeRemaining(TimeUnit.NANOSECONDS), ticker);
  }

  private ServerMethodDefinition<?, ?> read() {
    var method = RequestMarshaller.in(FetchServiceGrpc.getReadMethod());
    return ServerMethodDefinition.create(
        method.toBuilder(method.getRequestMarshaller(), REPLIES).build(),
        (call, headers) -> new ReadCall(call, streams, Caller.of(headers), forward));
  }

  private ServerCall.Listener<ListOffsetsRequest> startListOffsets(
      ServerCall<ListOffsetsRequest, ListOffsetsResponse> call, Metadata headers) {
    LeaderHint hint = new LeaderHint();
    Caller caller = Caller.of(headers);
    return ServerCalls.<ListOffsetsRequest, ListOffsetsResponse>asyncUnaryCall(
            (request, answer) -> readers.execute(() -> listOffsets(request, answer, caller, hint)))
        .startCall(hint.on(call), headers);
  }

  private void listOffsets(
      ListOffsetsRequest request,
      StreamObserver<ListOffsetsResponse> answer,
      Caller caller,
      LeaderHint hint) {
    try {
      answer.onNext(offsets(request));
      answer.onCompleted();
    } catch (RefusedException e) {
      if (forward.takes(e, caller)) {
        forwardListOffsets(request, answer, caller, hint, e);
      } else {
        answer.onError(StatusMapping.exception(e));
      }
    } catch (RuntimeException e) {
      answer.onError(StatusMapping.exception(e));
    }
  }

  private void forwardListOffsets(
      ListOffsetsRequest request,
      StreamObserver<ListOffsetsResponse> answer,
      Caller caller,
      LeaderHint hint,
      RefusedException refused) {
    try {
      ReadForward.Answer forwarded = forward.listOffsets(request, caller, refused);
      hint.of(forwarded);
      var _ =
          forwarded
              .message()
              .thenApply(ForwardedFetch::listOffsetsResponse)
              .whenComplete((response, failure) -> {
                if (failure == null) {
                  answer.onNext(response);
                  answer.onCompleted();
                } else {
                  answer.onError(ForwardedFetch.told(failure));
                }
              });
    } catch (RuntimeException e) {
      answer.onError(StatusMapping.exception(e));
    }
  }

  private ListOffsetsResponse offsets(ListOffsetsRequest request) {
    ListOffsetsResponse.Builder response = ListOffsetsResponse.newBuilder();
    targets.forEach(
        request.getTopicsList(),
        false,
        target -> {
          PartitionOffset.Builder offset =
              response
                  .addOffsetsBuilder()
                  .setTopic(target.topic())
                  .setPartition(target.partition().id().partition())
                  .setOffset(target.offset())
                  .setLogStartOffset(target.partition().logStartOffset())
                  .setHighWatermark(target.partition().highWatermark());
          target.timestampMs().ifPresent(offset::setTimestampMs);
        });
    return response.build();
  }
}
