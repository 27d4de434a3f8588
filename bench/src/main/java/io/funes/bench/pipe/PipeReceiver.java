package io.funes.bench.pipe;

import io.funes.bench.system.Payloads;
import io.funes.bench.system.RecordReceiver;
import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.zip.CRC32C;

/** Streams the file back and takes the records apart where they arrive, on the event loop. */
final class PipeReceiver implements RecordReceiver {
  private final ManagedChannel channel;
  private final PipeProtocol protocol;
  private final Path file;

  PipeReceiver(ManagedChannel channel, PipeProtocol protocol, Path file) {
    this.channel = channel;
    this.protocol = protocol;
    this.file = file;
  }

  @Override
  public void read(long count, Sink sink) throws IOException {
    long total = Files.size(file);
    int recordBytes = (int) (total / count);
    int valueBytes = recordBytes - PipeProtocol.FRAME_BYTES;
    int messageBytes = PipeProtocol.recordsPerBatch(valueBytes) * recordBytes;
    byte[] request = ByteBuffer.allocate(12).putInt(messageBytes).putLong(total).array();
    CompletableFuture<Void> end = new CompletableFuture<>();
    ClientCalls.asyncServerStreamingCall(
        channel.newCall(protocol.fetch, CallOptions.DEFAULT),
        PipeMessage.of(request, request.length),
        new RecordReader(valueBytes, sink, end));
    end.join();
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private static final class RecordReader implements StreamObserver<PipeMessage> {
    private final int valueBytes;
    private final Sink sink;
    private final CompletableFuture<Void> end;
    private final CRC32C crc = new CRC32C();
    private final byte[] carry;
    private int carried;

    RecordReader(int valueBytes, Sink sink, CompletableFuture<Void> end) {
      this.valueBytes = valueBytes;
      this.sink = sink;
      this.end = end;
      carry = new byte[PipeProtocol.FRAME_BYTES + valueBytes];
    }

    @Override
    public void onNext(PipeMessage message) {
      crc.reset();
      if (message.heap() != null) {
        crc.update(message.heap(), 0, message.length());
        readHeap(message.heap());
        return;
      }
      try (InputStream _ = message.owner()) {
        for (ByteBuffer buffer : message.received()) {
          crc.update(buffer.duplicate());
          readBuffer(buffer);
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    private void readHeap(byte[] bytes) {
      for (int at = 0; at < bytes.length; at += carry.length) {
        int value = at + PipeProtocol.FRAME_BYTES;
        accept(Arrays.copyOfRange(bytes, value, value + valueBytes));
      }
    }

    /** A record may begin in one buffer and end in the next. */
    private void readBuffer(ByteBuffer buffer) {
      while (buffer.hasRemaining()) {
        if (carried == 0 && buffer.remaining() >= carry.length) {
          byte[] value = new byte[valueBytes];
          buffer.position(buffer.position() + PipeProtocol.FRAME_BYTES).get(value);
          accept(value);
          continue;
        }
        int taken = Math.min(buffer.remaining(), carry.length - carried);
        buffer.get(carry, carried, taken);
        carried += taken;
        if (carried == carry.length) {
          carried = 0;
          accept(Arrays.copyOfRange(carry, PipeProtocol.FRAME_BYTES, carry.length));
        }
      }
    }

    private void accept(byte[] value) {
      sink.record(0, Payloads.sequence(value, 0), value.length);
    }

    @Override
    public void onError(Throwable error) {
      end.completeExceptionally(error);
    }

    @Override
    public void onCompleted() {
      end.complete(null);
    }
  }
}
