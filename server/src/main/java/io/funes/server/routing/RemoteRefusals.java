package io.funes.server.routing;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import io.funes.proto.v1.OffsetMismatch;
import io.funes.proto.v1.OffsetRange;
import io.funes.proto.v1.ProducerFenced;
import io.funes.proto.v1.SequenceGap;
import io.funes.server.api.mapping.StatusMapping;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.Refusal.Detail;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.util.Optional;

/** What a leader refused, to be told as if it had been refused here. */
final class RemoteRefusals {
  private RemoteRefusals() {}

  /** What the caller is told of a call that failed: what the leader said, if it said anything. */
  static StatusRuntimeException told(Status status, Throwable error, Leader leader) {
    if (status.getCode() == Status.Code.UNAVAILABLE
        && Optional.ofNullable(StatusProto.fromThrowable(error))
                .map(com.google.rpc.Status::getDetailsCount)
                .orElse(0)
            == 0) {
      return StatusMapping.exception(unreachable(leader, status).exception());
    }
    return new StatusRuntimeException(status, Status.trailersFromThrowable(error));
  }

  static Refusal unreachable(Leader leader, Status status) {
    return Refusal.of(
            ErrorCode.BROKER_UNAVAILABLE,
            "broker %d leads but was not reached at %s (%s): try again"
                .formatted(leader.brokerId(), leader.address(), status.getDescription()))
        .with("leader", leader.brokerId())
        .with("leader_address", leader.address());
  }

  static Refusal of(Throwable told) {
    return of(StatusProto.fromThrowable(told));
  }

  static Refusal of(com.google.rpc.Status status) {
    try {
      for (Any any : status.getDetailsList()) {
        if (any.is(ErrorInfo.class)) {
          ErrorInfo info = any.unpack(ErrorInfo.class);
          return new Refusal(
              ErrorCode.valueOf(info.getReason()),
              status.getMessage(),
              info.getMetadataMap(),
              detail(status));
        }
      }
    } catch (InvalidProtocolBufferException | IllegalArgumentException e) {
      return unforeseen(status);
    }
    return status.getCode() == Status.Code.DEADLINE_EXCEEDED.value()
        ? Refusal.of(ErrorCode.DEADLINE_PASSED, "the deadline passed while the leader worked")
        : unforeseen(status);
  }

  private static Refusal unforeseen(com.google.rpc.Status status) {
    return Refusal.of(
        ErrorCode.INTERNAL,
        "the leader said %s: %s; its log may have the cause"
            .formatted(Status.fromCodeValue(status.getCode()).getCode(), status.getMessage()));
  }

  private static Optional<Detail> detail(com.google.rpc.Status status)
      throws InvalidProtocolBufferException {
    for (Any any : status.getDetailsList()) {
      if (any.is(OffsetRange.class)) {
        OffsetRange range = any.unpack(OffsetRange.class);
        return Optional.of(
            new Detail.OffsetRange(range.getLogStartOffset(), range.getHighWatermark()));
      } else if (any.is(SequenceGap.class)) {
        SequenceGap gap = any.unpack(SequenceGap.class);
        return Optional.of(new Detail.SequenceGap(gap.getExpectedSequence(), gap.getSequence()));
      } else if (any.is(ProducerFenced.class)) {
        int epoch = any.unpack(ProducerFenced.class).getCurrentEpoch();
        return Optional.of(new Detail.ProducerFenced(epoch));
      } else if (any.is(OffsetMismatch.class)) {
        long end = any.unpack(OffsetMismatch.class).getLogEndOffset();
        return Optional.of(new Detail.OffsetMismatch(end));
      } else if (any.is(BadRequest.class)) {
        String field = any.unpack(BadRequest.class).getFieldViolations(0).getField();
        return Optional.of(new Detail.BadField(field));
      }
    }
    return Optional.empty();
  }
}
