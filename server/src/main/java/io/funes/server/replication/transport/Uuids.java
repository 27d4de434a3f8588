package io.funes.server.replication.transport;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.nio.ByteBuffer;
import java.util.UUID;

/** UUIDs as 16 bytes. */
final class Uuids {
  private static final int BYTES = 2 * Long.BYTES;

  private Uuids() {}

  static ByteString toProto(UUID id) {
    byte[] bytes = new byte[BYTES];
    ByteBuffer.wrap(bytes)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits());
    return UnsafeByteOperations.unsafeWrap(bytes);
  }

  static UUID fromProto(ByteString bytes) {
    if (bytes.size() != BYTES) {
      throw new UnknownFrame("an id of %d bytes, not %d".formatted(bytes.size(), BYTES));
    }
    ByteBuffer buffer = bytes.asReadOnlyByteBuffer();
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}
