package io.funes.bench.pipe;

import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.zip.CRC32C;

/**
 * Server side of a produce stream: writes the file from its start. Owned by the connection's event
 * loop.
 */
final class PipeAppender implements StreamObserver<PipeMessage> {
  private static final PipeMessage ACK =
      PipeMessage.of(new byte[PipeProtocol.ACK_BYTES], PipeProtocol.ACK_BYTES);

  private final FileChannel file;
  private final StreamObserver<PipeMessage> acks;
  private final CRC32C crc = new CRC32C();
  private final ByteBuffer staging = ByteBuffer.allocateDirect(PipeProtocol.MESSAGE_BYTES_MAX);
  private long position;

  PipeAppender(FileChannel file, StreamObserver<PipeMessage> acks) {
    this.file = file;
    this.acks = acks;
  }

  @Override
  public void onNext(PipeMessage message) {
    try {
      crc.reset();
      if (message.heap() == null) {
        writeReceived(message);
      } else {
        writeHeap(message);
      }
      acks.onNext(ACK);
    } catch (IOException e) {
      acks.onError(e);
    }
  }

  private void writeReceived(PipeMessage message) throws IOException {
    try (InputStream _ = message.owner()) {
      ByteBuffer[] buffers = message.received().toArray(ByteBuffer[]::new);
      for (ByteBuffer buffer : buffers) {
        crc.update(buffer.duplicate());
      }
      file.position(position);
      for (long written = 0; written < message.length(); ) {
        written += file.write(buffers);
      }
      position += message.length();
    }
  }

  private void writeHeap(PipeMessage message) throws IOException {
    crc.update(message.heap(), 0, message.length());
    staging.clear().put(message.heap(), 0, message.length()).flip();
    while (staging.hasRemaining()) {
      position += file.write(staging, position);
    }
  }

  @Override
  public void onError(Throwable cancelled) {}

  @Override
  public void onCompleted() {
    acks.onCompleted();
  }
}
