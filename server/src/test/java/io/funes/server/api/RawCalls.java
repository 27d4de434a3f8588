package io.funes.server.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.ProduceStreamResponse;
import io.funes.server.testing.BrokerFixture;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Calls with bytes in place of messages, to a broker that may neither break nor fill its log. */
final class RawCalls implements AutoCloseable {
  static final Set<Status.Code> UNDEFINED =
      EnumSet.of(Status.Code.UNKNOWN, Status.Code.INTERNAL, Status.Code.DEADLINE_EXCEEDED);

  /**
   * A request that makes gRPC write to the log lets a client fill the disk. Held, as loggers are
   * weak.
   */
  private static final Logger GRPC = Logger.getLogger("io.grpc");

  private final LoggedErrors logged = new LoggedErrors();

  private final BrokerFixture broker;

  RawCalls(Path folder) {
    GRPC.addHandler(logged);
    GRPC.setUseParentHandlers(false);
    broker = BrokerFixture.in(folder, Map.of("heartbeat.interval.ms", "200"));
    broker.createTopic("t", 1, Map.of());
    broker.createTopic("victim", 1, Map.of());
    broker.produce().produce(Requests.produce("t", "first").build());
  }

  void assertServes() {
    assertThat(logged.messages).isEmpty();
    broker.produce().produce(Requests.produce("t", "still here").build());
    assertThat(broker.topics().getTopic(GetTopicRequest.newBuilder().setName("t").build()))
        .isNotNull();
  }

  Status call(MethodDescriptor<?, ?> method, byte[]... messages) {
    return end(method, messages).getStatus();
  }

  /** Sends messages of these bytes; the first reply counts as the end of a stream of records. */
  StatusRuntimeException end(MethodDescriptor<?, ?> method, byte[]... messages) {
    MethodDescriptor<byte[], byte[]> raw =
        MethodDescriptor.<byte[], byte[]>newBuilder()
            .setType(method.getType())
            .setFullMethodName(method.getFullMethodName())
            .setRequestMarshaller(new Bytes())
            .setResponseMarshaller(new Bytes())
            .build();
    ClientCall<byte[], byte[]> call =
        broker.channel().newCall(raw, CallOptions.DEFAULT.withDeadlineAfter(5, TimeUnit.SECONDS));
    CompletableFuture<StatusRuntimeException> end = new CompletableFuture<>();
    call.start(
        new ClientCall.Listener<>() {
          @Override
          public void onMessage(byte[] reply) {
            if (method.getType() == MethodDescriptor.MethodType.SERVER_STREAMING
                || method.getBareMethodName().equals("Read")) {
              end.complete(Status.OK.asRuntimeException());
            } else if (method.getBareMethodName().equals("ProduceStream")) {
              end.complete(outcome(reply).asRuntimeException());
            }
          }

          @Override
          public void onClose(Status status, Metadata trailers) {
            end.complete(status.asRuntimeException(trailers));
          }
        },
        new Metadata());
    call.request(2);
    for (byte[] message : messages) {
      call.sendMessage(message);
    }
    call.halfClose();
    StatusRuntimeException seen = end.orTimeout(10, TimeUnit.SECONDS).join();
    // Here and not in the callback: a reply may come before this thread has half closed.
    call.cancel("seen enough", null);
    return seen;
  }

  private static Status outcome(byte[] reply) {
    try {
      var result = ProduceStreamResponse.parseFrom(reply).getResults(0);
      return result.hasError() ? Status.fromCodeValue(result.getError().getCode()) : Status.OK;
    } catch (com.google.protobuf.InvalidProtocolBufferException e) {
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    broker.close();
    GRPC.removeHandler(logged);
    GRPC.setUseParentHandlers(true);
  }

  private static final class LoggedErrors extends Handler {
    private final List<String> messages = new CopyOnWriteArrayList<>();

    @Override
    public void publish(LogRecord entry) {
      if (entry.getLevel().intValue() >= Level.WARNING.intValue()) {
        messages.add(entry.getMessage() + ": " + entry.getThrown());
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
    @Override
    public InputStream stream(byte[] value) {
      return new ByteArrayInputStream(value);
    }

    @Override
    public byte[] parse(InputStream stream) {
      try {
        return stream.readAllBytes();
      } catch (java.io.IOException e) {
        throw new java.io.UncheckedIOException(e);
      }
    }
  }
}
