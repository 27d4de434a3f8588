package io.funes.server.log;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Buffers that each reading thread keeps, so that reading makes no garbage. */
final class ReadBuffers {
  static final int CHUNK_BYTES = 128 << 10;

  /** Room for a few dozen small batches or the header of a large one. */
  static final int WINDOW_BYTES = 4 << 10;

  private static final ThreadLocal<ReadBuffers> BUFFERS = ThreadLocal.withInitial(ReadBuffers::new);

  /** File bytes on their way out. */
  final ByteBuffer chunk = ByteBuffer.allocateDirect(CHUNK_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  /** The same where only an array is taken. */
  final byte[] heapChunk = new byte[CHUNK_BYTES];

  /** Headers: belongs to the one {@link BatchCursor} that the thread uses. */
  final ByteBuffer window = ByteBuffer.allocateDirect(WINDOW_BYTES).order(ByteOrder.LITTLE_ENDIAN);

  private ReadBuffers() {}

  static ReadBuffers ofThread() {
    return BUFFERS.get();
  }
}
