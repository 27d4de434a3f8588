package io.funes.client.internal.consume;

import io.funes.client.TopicPartition;
import io.funes.client.internal.cluster.Door;
import io.funes.client.internal.transport.Backoff;
import io.funes.client.internal.transport.Failures;
import io.funes.proto.v1.Credits;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.ReadRequest;
import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.util.Set;

/**
 * One {@code Read} call by one door, for some of the partitions. Guarded by its reader's lock,
 * except for what gRPC calls on the I/O thread.
 */
final class ReadStream extends ClientCall.Listener<Frame> {
  private final Reader reader;
  private final Door door;
  private final Backoff backoff;
  private final Set<TopicPartition> partitions;
  private long windowBytes;
  private final ClientCall<ReadRequest, Frame> call;

  /**
   * Not given to the broker yet; less than nothing while earlier streams' frames fill the window.
   */
  private long owedBytes;

  private long heardNanos;

  /**
   * Begins with {@link #start}.
   *
   * @param backoff of all streams by this door
   * @param windowBytes of batches that may have been received and not been freed
   */
  ReadStream(
      Reader reader,
      Door door,
      Backoff backoff,
      Set<TopicPartition> partitions,
      long windowBytes,
      FrameMarshaller marshaller) {
    this.reader = reader;
    this.door = door;
    this.backoff = backoff;
    this.partitions = partitions;
    this.windowBytes = windowBytes;
    call = door.channel().newCall(method(marshaller), CallOptions.DEFAULT);
  }

  private static MethodDescriptor<ReadRequest, Frame> method(FrameMarshaller marshaller) {
    MethodDescriptor<ReadRequest, ?> generated = FetchServiceGrpc.getReadMethod();
    return generated.toBuilder(generated.getRequestMarshaller(), marshaller).build();
  }

  Door door() {
    return door;
  }

  Set<TopicPartition> partitions() {
    return partitions;
  }

  /** Waits before the next stream by the same door. */
  Backoff backoff() {
    return backoff;
  }

  /**
   * Sends the first message.
   *
   * @param bufferedBytes of these partitions that earlier streams have brought
   */
  void start(ReadRequest.Builder first, long bufferedBytes, long nowNanos) {
    heardNanos = nowNanos;
    owedBytes = windowBytes - bufferedBytes;
    long granted = Math.max(0, owedBytes);
    owedBytes -= granted;
    call.start(this, new Metadata());
    // Credits bound what comes.
    call.request(Integer.MAX_VALUE);
    call.sendMessage(
        first
            .setCredits(Credits.newBuilder().setRecords(Reader.ENDLESS_RECORDS).setBytes(granted))
            .build());
  }

  /** Changes how much may have been received and not been freed, as far as is not granted yet. */
  void resize(long bytes) {
    owedBytes += bytes - windowBytes;
    windowBytes = bytes;
    freed(0);
  }

  /** So many bytes that came, or that an earlier stream brought, are used up. */
  void freed(long bytes) {
    owedBytes += bytes;
    if (owedBytes > 0 && owedBytes >= windowBytes / 4) {
      call.sendMessage(
          ReadRequest.newBuilder().setCredits(Credits.newBuilder().setBytes(owedBytes)).build());
      owedBytes = 0;
    }
  }

  void heard(long nowNanos) {
    heardNanos = nowNanos;
  }

  long silentNanos(long nowNanos) {
    return nowNanos - heardNanos;
  }

  void cancel(String why) {
    call.cancel(why, null);
  }

  @Override
  public void onMessage(Frame frame) {
    reader.received(this, frame);
  }

  @Override
  public void onClose(Status status, Metadata trailers) {
    reader.ended(this, Failures.of(status, trailers), status.isOk());
  }
}
