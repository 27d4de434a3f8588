package io.funes.server.metadata.raft;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.thirdparty.com.google.protobuf.UnsafeByteOperations;

/** Bodies of our own calls: big-endian numbers, and strings as Java's data streams write them. */
final class WireBytes {
  static final byte[] NONE = new byte[0];

  private WireBytes() {}

  interface Writer {
    void to(DataOutputStream out) throws IOException;
  }

  interface Reader<T> {
    T from(DataInputStream in) throws IOException;
  }

  static byte[] write(Writer writer) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try {
      writer.to(new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return bytes.toByteArray();
  }

  static ByteString string(Writer writer) {
    return UnsafeByteOperations.unsafeWrap(write(writer));
  }

  static <T> T read(byte[] bytes, Reader<T> reader) throws IOException {
    return reader.from(new DataInputStream(new ByteArrayInputStream(bytes)));
  }
}
