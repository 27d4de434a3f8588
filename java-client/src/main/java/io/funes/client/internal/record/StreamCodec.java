package io.funes.client.internal.record;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Arrays;

/** A codec whose library works with streams. */
record StreamCodec(Compressor compressor, Decompressor decompressor) implements Codec {
  private static final int HEADERS_BYTES_MAX = 512;
  private static final int BODY_BYTES_MIN = 256;

  /** Wraps a stream so that what is written to it is compressed. */
  interface Compressor {
    OutputStream wrap(OutputStream out) throws IOException;
  }

  /** Wraps a stream so that what is read from it is decompressed. */
  interface Decompressor {
    InputStream wrap(InputStream in) throws IOException;
  }

  @Override
  public int compressedBytesMax(int bytes) {
    return bytes + bytes / 5 + HEADERS_BYTES_MAX;
  }

  @Override
  public int compress(byte[] source, int from, int length, byte[] target, int at)
      throws IOException {
    ArrayOutput sink = new ArrayOutput(target, at);
    try (OutputStream out = compressor.wrap(sink)) {
      out.write(source, from, length);
    }
    return sink.position - at;
  }

  @Override
  public byte[] decompress(byte[] source, int from, int length, int bytesMax) throws IOException {
    try (InputStream in = decompressor.wrap(new ByteArrayInputStream(source, from, length))) {
      byte[] body = new byte[(int) Math.min(bytesMax, Math.max(BODY_BYTES_MIN, 4L * length))];
      int size = 0;
      for (int read = in.read(body); read >= 0; read = in.read(body, size, body.length - size)) {
        size += read;
        if (size == body.length) {
          int next = in.read();
          if (next < 0) {
            break;
          }
          if (size == bytesMax) {
            return null;
          }
          body = Arrays.copyOf(body, (int) Math.min(bytesMax, 2L * size));
          body[size++] = (byte) next;
        }
      }
      return size == body.length ? body : Arrays.copyOf(body, size);
    }
  }

  /** Writes into an array that has room. */
  private static final class ArrayOutput extends OutputStream {
    private final byte[] target;
    private int position;

    ArrayOutput(byte[] target, int position) {
      this.target = target;
      this.position = position;
    }

    @Override
    public void write(int b) {
      target[position++] = (byte) b;
    }

    @Override
    public void write(byte[] source, int from, int length) {
      System.arraycopy(source, from, target, position, length);
      position += length;
    }
  }
}
