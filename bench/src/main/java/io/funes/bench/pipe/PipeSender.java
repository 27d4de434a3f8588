package io.funes.bench.pipe;

import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.RecordSender;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.zip.CRC32C;

/**
 * Fills batches in a ring of buffers and streams them; a buffer is free again when its batch is
 * acknowledged.
 */
final class PipeSender implements RecordSender {
  private static final int BATCHES_IN_FLIGHT = 8;
  private static final byte FRAME_TAG = 0x12;

  private final ManagedChannel channel;
  private final Acknowledgements acknowledgements;
  private final StreamObserver<PipeMessage> requests;
  private final Semaphore free = new Semaphore(BATCHES_IN_FLIGHT);
  private final byte[][] ring = new byte[BATCHES_IN_FLIGHT][PipeProtocol.BATCH_BYTES];
  private final int[] recordsInBatch = new int[BATCHES_IN_FLIGHT];
  private final CRC32C crc = new CRC32C();
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private byte[] batch;
  private int position;
  private int records;
  private int sent;

  PipeSender(ManagedChannel channel, PipeProtocol protocol, Acknowledgements acknowledgements) {
    this.channel = channel;
    this.acknowledgements = acknowledgements;
    requests =
        ClientCalls.asyncBidiStreamingCall(
            channel.newCall(protocol.produce, CallOptions.DEFAULT), new AckReader());
  }

  @Override
  public void send(int partition, byte[] value) {
    if (batch != null && position + PipeProtocol.FRAME_BYTES + value.length > batch.length) {
      sendBatch();
    }
    if (batch == null) {
      free.acquireUninterruptibly();
      batch = ring[sent % BATCHES_IN_FLIGHT];
    }
    batch[position] = FRAME_TAG;
    position += PipeProtocol.FRAME_BYTES;
    System.arraycopy(value, 0, batch, position, value.length);
    position += value.length;
    records++;
  }

  private void sendBatch() {
    crc.reset();
    crc.update(batch, 0, position);
    recordsInBatch[sent % BATCHES_IN_FLIGHT] = records;
    requests.onNext(PipeMessage.of(batch, position));
    sent++;
    batch = null;
    position = 0;
    records = 0;
  }

  @Override
  public void flush() {
    if (batch != null) {
      sendBatch();
    }
    free.acquireUninterruptibly(BATCHES_IN_FLIGHT);
    free.release(BATCHES_IN_FLIGHT);
  }

  @Override
  public void close() {
    requests.onCompleted();
    ended.join();
    channel.shutdownNow();
  }

  /** Acks come in the order of the batches. */
  private final class AckReader implements StreamObserver<PipeMessage> {
    private int acknowledged;

    @Override
    public void onNext(PipeMessage ack) {
      acknowledgements.add(recordsInBatch[acknowledged++ % BATCHES_IN_FLIGHT]);
      free.release();
    }

    @Override
    public void onError(Throwable error) {
      acknowledgements.failed(error);
      free.release(BATCHES_IN_FLIGHT);
      ended.complete(null);
    }

    @Override
    public void onCompleted() {
      ended.complete(null);
    }
  }
}
