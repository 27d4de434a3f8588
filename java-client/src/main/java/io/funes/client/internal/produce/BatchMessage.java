package io.funes.client.internal.produce;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/**
 * An encoded request: a range of bytes that gRPC copies once, while the call's {@code sendMessage}
 * runs.
 *
 * @param bytes not copied
 * @param start first byte
 * @param length number of bytes
 */
@SuppressWarnings("ArrayRecordComponent")
record BatchMessage(byte[] bytes, int start, int length) {

  static final MethodDescriptor.Marshaller<BatchMessage> MARSHALLER =
      new MethodDescriptor.Marshaller<>() {
        @Override
        public InputStream stream(BatchMessage message) {
          return new Range(message);
        }

        @Override
        public BatchMessage parse(InputStream stream) {
          throw new UnsupportedOperationException("only sent");
        }
      };

  private static final class Range extends InputStream implements Drainable, KnownLength {
    private final byte[] bytes;
    private final int end;
    private int position;

    Range(BatchMessage message) {
      bytes = message.bytes;
      position = message.start;
      end = message.start + message.length;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int length = available();
      target.write(bytes, position, length);
      position = end;
      return length;
    }

    @Override
    public int available() {
      return end - position;
    }

    @Override
    public int read() {
      return position < end ? bytes[position++] & 0xFF : -1;
    }

    @Override
    public int read(byte[] target, int at, int length) {
      if (position == end) {
        return length == 0 ? 0 : -1;
      }
      int read = Math.min(length, available());
      System.arraycopy(bytes, position, target, at, read);
      position += read;
      return read;
    }
  }
}
