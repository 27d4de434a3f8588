package io.funes.it;

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.rpc.ErrorInfo;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import java.io.UncheckedIOException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What brokers say to requests that they do not take. */
final class Refusals {
  private Refusals() {}

  /** Status and reason, where the broker gives one; empty where it acknowledged. */
  static String of(BrokerCluster cluster, int broker, ProduceRequest request) {
    try {
      var _ =
          ProduceServiceGrpc.newBlockingStub(cluster.channel(broker))
              .withDeadlineAfter(2, TimeUnit.SECONDS)
              .produce(request);
      return "";
    } catch (StatusRuntimeException e) {
      return Stream.concat(
              Stream.of(e.getStatus().getCode().name()),
              StatusProto.fromThrowable(e).getDetailsList().stream()
                  .filter(detail -> detail.is(ErrorInfo.class))
                  .map(Refusals::reason))
          .collect(Collectors.joining(" "));
    }
  }

  private static String reason(Any detail) {
    try {
      return detail.unpack(ErrorInfo.class).getReason();
    } catch (InvalidProtocolBufferException e) {
      throw new UncheckedIOException(e);
    }
  }
}
