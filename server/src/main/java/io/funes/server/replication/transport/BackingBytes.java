package io.funes.server.replication.transport;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * Gets at the array of a byte string that {@link ResponseMarshaller} made. The read-only view that
 * protobuf gives of it would cost the checksum a copy.
 */
final class BackingBytes extends ByteOutput {
  private ByteBuffer bytes = ByteBuffer.allocate(0);

  private BackingBytes() {}

  static ByteBuffer of(ByteString string) {
    try {
      BackingBytes backing = new BackingBytes();
      UnsafeByteOperations.unsafeWriteTo(string, backing);
      return backing.bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void writeLazy(byte[] value, int offset, int length) {
    bytes = ByteBuffer.wrap(value, offset, length).slice();
  }

  @Override
  public void write(byte[] value, int offset, int length) {
    writeLazy(value.clone(), offset, length);
  }

  @Override
  public void writeLazy(ByteBuffer value) {
    bytes = value;
  }

  @Override
  public void write(ByteBuffer value) {
    bytes = ByteBuffer.allocate(value.remaining()).put(value).flip();
  }

  @Override
  public void write(byte value) {
    throw new IllegalStateException("byte strings are written in one piece");
  }
}
