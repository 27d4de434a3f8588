package io.funes.bench.pipe;

import io.grpc.Detachable;
import io.grpc.Drainable;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Bytes without a form: either on the heap, or as they were received, in the buffers of an owner.
 */
final class PipeMessage {
  /** Below this a copy costs less than the book-keeping. */
  private static final int ZERO_COPY_BYTES_MIN = 1024;

  private final byte[] heap;
  private final int length;
  private final List<ByteBuffer> received;
  private final InputStream owner;

  private PipeMessage(byte[] heap, int length, List<ByteBuffer> received, InputStream owner) {
    this.heap = heap;
    this.length = length;
    this.received = received;
    this.owner = owner;
  }

  /** Null where {@link #received} is not. */
  byte[] heap() {
    return heap;
  }

  int length() {
    return length;
  }

  /** Null where {@link #heap} is not. */
  List<ByteBuffer> received() {
    return received;
  }

  /** Close it to free the received buffers. */
  InputStream owner() {
    return owner;
  }

  static PipeMessage of(byte[] bytes, int length) {
    return new PipeMessage(bytes, length, null, null);
  }

  static MethodDescriptor.Marshaller<PipeMessage> marshaller(boolean zeroCopy) {
    return new MethodDescriptor.Marshaller<>() {
      @Override
      public InputStream stream(PipeMessage message) {
        return new HeapStream(message);
      }

      @Override
      public PipeMessage parse(InputStream in) {
        try {
          return zeroCopy && in.available() > ZERO_COPY_BYTES_MIN && isDetachable(in)
              ? detached((Detachable) in)
              : copied(in);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /** Not where gRPC has put small buffers together on the heap. */
  private static boolean isDetachable(InputStream in) {
    return in instanceof Detachable
        && in instanceof HasByteBuffer buffers
        && buffers.byteBufferSupported();
  }

  private static PipeMessage detached(Detachable in) throws IOException {
    InputStream owner = in.detach();
    int length = owner.available();
    owner.mark(length); // else skip() frees the buffers that it passes
    List<ByteBuffer> buffers = new ArrayList<>();
    for (int left = length; left > 0; ) {
      ByteBuffer buffer = ((HasByteBuffer) owner).getByteBuffer();
      buffers.add(buffer);
      left -= buffer.remaining();
      owner.skipNBytes(buffer.remaining());
    }
    return new PipeMessage(null, length, buffers, owner);
  }

  private static PipeMessage copied(InputStream in) throws IOException {
    byte[] bytes = new byte[in.available()];
    if (in.readNBytes(bytes, 0, bytes.length) != bytes.length) {
      throw new IOException("message ends early");
    }
    return of(bytes, bytes.length);
  }

  /** Lets gRPC copy straight into its buffer. */
  private static final class HeapStream extends InputStream implements Drainable, KnownLength {
    private final PipeMessage message;
    private int position;

    HeapStream(PipeMessage message) {
      this.message = message;
    }

    @Override
    public int drainTo(OutputStream out) throws IOException {
      int drained = available();
      out.write(message.heap, position, drained);
      position += drained;
      return drained;
    }

    @Override
    public int available() {
      return message.length - position;
    }

    @Override
    public int read(byte[] target, int at, int count) {
      int copied = Math.min(count, available());
      if (copied == 0 && count > 0) {
        return -1;
      }
      System.arraycopy(message.heap, position, target, at, copied);
      position += copied;
      return copied;
    }

    @Override
    public int read() {
      return position < message.length ? message.heap[position++] & 0xff : -1;
    }
  }
}
