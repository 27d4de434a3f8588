package io.funes.server.api.produce;

import io.funes.server.record.BatchValidator;
import io.funes.server.record.EntryBuilder;
import io.funes.server.record.RecordsWalk;
import io.grpc.HasByteBuffer;
import io.grpc.KnownLength;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Where a thread puts the request it works on: one direct buffer with room in front for a batch
 * header, and the reusable parts that read it. A request is handled on the thread that received it
 * before the next one is read, so one per thread is enough, and the bytes stay in that core's cache
 * from the socket to the file.
 */
final class Staging {
  private static final ThreadLocal<Staging> OF_THREAD = ThreadLocal.withInitial(Staging::new);

  /** Where messages begin. */
  static final int START = EntryBuilder.HEADROOM_BYTES + 4;

  private static final int FIRST_BYTES = 512 << 10;

  final ProduceFrame frame = new ProduceFrame();
  final EntryBuilder entries = new EntryBuilder();
  final BatchValidator validator = new BatchValidator();
  final RecordsWalk walk = new RecordsWalk();
  private ByteBuffer buffer = direct(FIRST_BYTES);
  private ByteBuffer second = direct(4 << 10);

  static Staging ofThread() {
    return OF_THREAD.get();
  }

  /** Copies a received message to the staging buffer and returns the index of its end. */
  int receive(InputStream message) throws IOException {
    buffer.clear().position(START);
    if (message instanceof KnownLength) {
      reserve(message.available());
    }
    if (message instanceof HasByteBuffer source && source.byteBufferSupported()) {
      for (ByteBuffer part; message.available() > 0 && (part = source.getByteBuffer()) != null; ) {
        int length = part.remaining();
        buffer.put(part);
        message.skipNBytes(length);
      }
    } else {
      byte[] chunk = new byte[8 << 10];
      for (int read; (read = message.read(chunk)) >= 0; ) {
        reserve(read);
        buffer.put(chunk, 0, read);
      }
    }
    return buffer.position();
  }

  ByteBuffer buffer() {
    return buffer.clear();
  }

  /** Another buffer of this thread, for bodies picked out of a request. */
  ByteBuffer second(int bytes) {
    if (second.capacity() < bytes) {
      second = direct(bytes);
    }
    return second.clear();
  }

  private void reserve(int bytes) {
    if (buffer.remaining() < bytes) {
      ByteBuffer larger = direct(Math.max(buffer.position() + bytes, 2 * buffer.capacity()));
      larger.put(buffer.flip().position(0));
      buffer = larger;
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
