package io.funes.bench.pipe;

import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/**
 * Server side of a fetch stream: sends while the transport takes. Owned by the connection's event
 * loop.
 */
final class PipeReader implements Runnable {
  private final FileChannel file;
  private final ServerCallStreamObserver<PipeMessage> out;
  private final long total;
  private final ByteBuffer staging;
  private long position;
  private boolean done;

  PipeReader(
      FileChannel file, ServerCallStreamObserver<PipeMessage> out, int messageBytes, long total) {
    this.file = file;
    this.out = out;
    this.total = total;
    staging = ByteBuffer.allocateDirect(messageBytes);
  }

  @Override
  public void run() {
    try {
      while (out.isReady() && position < total) {
        sendOne();
      }
      if (position >= total && !done) {
        done = true;
        out.onCompleted();
      }
    } catch (IOException e) {
      out.onError(e);
    }
  }

  private void sendOne() throws IOException {
    staging.clear().limit((int) Math.min(staging.capacity(), total - position));
    int read = file.read(staging, position);
    if (read < staging.limit()) {
      throw new IOException("the file ends at " + (position + read));
    }
    byte[] bytes = new byte[read];
    staging.flip().get(bytes);
    position += read;
    out.onNext(PipeMessage.of(bytes, read));
  }
}
