package io.funes.server.routing;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.Credits;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.PartitionStart;
import io.funes.proto.v1.ReadPosition;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.Start;
import io.funes.proto.v1.TopicStart;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A {@code Read} of what one leader has of a stream. It is taken from as a log is: what has come
 * waits here, bounded by credits that are given back when it is taken. It ends with the call that
 * it is for.
 */
public final class RemoteRead extends ClientCall.Listener<ByteString> {
  private static final MethodDescriptor<ReadRequest, ByteString> READ =
      FetchServiceGrpc.getReadMethod().toBuilder(
              FetchServiceGrpc.getReadMethod().getRequestMarshaller(), Bytes.MARSHALLER)
          .build();

  /** May be on the way or wait here; the frame that uses it up comes on top. */
  private static final long WINDOW_BYTES = 512 << 10;

  private static final long ENDLESS_RECORDS = Long.MAX_VALUE / 2;

  private final Routes routes;
  private final Leader leader;
  private final Runnable wake;
  private final ClientCall<ReadRequest, ByteString> call;
  private final Queue<RemoteFrame> frames = new ConcurrentLinkedQueue<>();
  private final Map<Place, ReadPosition> positions = new ConcurrentHashMap<>();
  private volatile boolean bound;
  private volatile boolean drained;
  private volatile StatusRuntimeException end;

  private record Place(String topic, int partition) {}

  /** Begins; {@code wake} is run whenever there is something new. */
  RemoteRead(Routes routes, Leader leader, ReadRequest request, Caller caller, Runnable wake) {
    this.routes = routes;
    this.leader = leader;
    this.wake = wake;
    request.getTopicsList().forEach(this::knowStarts);
    this.call = RemoteCall.open(routes, leader, READ, caller.options(), caller.onward());
    caller.context().run(() -> call.start(this, new Metadata()));
    call.request(Integer.MAX_VALUE); // Credits bound what comes.
    call.sendMessage(
        request.toBuilder()
            .setCredits(Credits.newBuilder().setRecords(ENDLESS_RECORDS).setBytes(WINDOW_BYTES))
            .build());
  }

  /** A heartbeat may be due before the leader has sent its first one. */
  private void knowStarts(TopicStart topic) {
    for (PartitionStart partition : topic.getPartitionsList()) {
      Start start = partition.hasStart() ? partition.getStart() : topic.getStart();
      if (start.hasOffset()) {
        know(
            ReadPosition.newBuilder()
                .setTopic(topic.getTopic())
                .setPartition(partition.getPartition())
                .setNextOffset(start.getOffset())
                .build());
      }
    }
  }

  private void know(ReadPosition position) {
    positions.put(new Place(position.getTopic(), position.getPartition()), position);
  }

  /** The leader has fixed the places to read from. */
  public boolean bound() {
    return bound;
  }

  /** The next frame of records to pass on, for one taker; empty where there is none yet. */
  public Optional<RemoteFrame> next() {
    RemoteFrame frame = frames.poll();
    if (frame == null) {
      return Optional.empty();
    }
    frame.positions().forEach(this::know);
    if (end == null) {
      call.sendMessage(
          ReadRequest.newBuilder()
              .setCredits(Credits.newBuilder().setBytes(frame.bytes()))
              .build());
    }
    return Optional.of(frame);
  }

  /** The leader asks its readers to go elsewhere, and all it sent before has been taken. */
  public boolean drained() {
    return drained && frames.isEmpty();
  }

  /** How it ended, once all that came before has been taken. */
  public Optional<StatusRuntimeException> end() {
    StatusRuntimeException told = end; // First: a frame may come before it, none after.
    return frames.isEmpty() ? Optional.ofNullable(told) : Optional.empty();
  }

  /** Where the taker stands, as far as is known. */
  public Collection<ReadPosition> positions() {
    return positions.values();
  }

  @Override
  public void onHeaders(Metadata headers) {
    bound = true;
    wake.run();
  }

  @Override
  public void onMessage(ByteString message) {
    RemoteFrame frame = RemoteFrame.parse(message);
    switch (frame.kind()) {
      case BATCHES -> frames.add(frame);
      case HEARTBEAT -> frame.positions().forEach(this::heard);
      case DRAIN -> {
        frame.positions().forEach(this::heard);
        drained = true;
      }
    }
    wake.run();
  }

  /** While frames wait, the leader is ahead of the taker. */
  private void heard(ReadPosition position) {
    if (frames.isEmpty()) {
      know(position);
    }
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    routes.failed(leader);
    end = RemoteRefusals.told(status, status.asRuntimeException(trailers), leader);
    wake.run();
  }
}
