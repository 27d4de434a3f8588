package io.funes.server.record;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdIOException;
import com.github.luben.zstd.ZstdInputStream;
import com.github.luben.zstd.ZstdOutputStream;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.xerial.snappy.SnappyInputStream;
import org.xerial.snappy.SnappyOutputStream;

/**
 * Bodies in and out of their codecs. The output is bounded while it is made, and what the libraries
 * allocate to make it by other means, so a small body cannot ask for much memory.
 */
public final class Compression {
  private static final int CHUNK_BYTES = 64 << 10;

  /** 8 MiB: what RFC 8878 tells readers to provide and writers not to exceed. */
  private static final int ZSTD_WINDOW_LOG_MAX = 23;

  private Compression() {}

  /**
   * The body in {@code [at, at + length)} without its codec. Refuses more than {@code bytesMax} and
   * what cannot be read.
   */
  public static byte[] decompress(Codec codec, ByteBuffer b, int at, int length, int bytesMax) {
    byte[] input = new byte[length];
    b.get(at, input);
    byte[] output = new byte[Math.min(bytesMax, CHUNK_BYTES)];
    int size = 0;
    try (InputStream in = open(codec, input, bytesMax)) {
      for (int read; (read = in.read(output, size, output.length - size)) >= 0; ) {
        size += read;
        if (size == output.length) {
          if (size == bytesMax) {
            if (in.read() < 0) {
              break;
            }
            throw tooLarge(bytesMax);
          }
          output = Arrays.copyOf(output, (int) Math.min(bytesMax, 2L * size));
        }
      }
    } catch (IOException | RuntimeException e) {
      if (e instanceof RefusedException refused) {
        throw refused;
      }
      throw new RefusedException(
          Refusal.of(
                  ErrorCode.INVALID_CODEC,
                  "the body cannot be read as %s: %s".formatted(codec, reason(e)))
              .with("codec", codec));
    }
    return Arrays.copyOf(output, size);
  }

  private static String reason(Exception e) {
    return e instanceof ZstdIOException zstd
            && zstd.getErrorCode() == Zstd.errFrameParameterWindowTooLarge()
        ? "its window is larger than 8 MiB, compress with a window log of at most "
            + ZSTD_WINDOW_LOG_MAX
        : e.getMessage();
  }

  public static byte[] compress(Codec codec, byte[] input) throws IOException {
    ByteArrayOutputStream output = new ByteArrayOutputStream(input.length / 2 + 64);
    try (OutputStream out = open(codec, output)) {
      out.write(input);
    }
    return output.toByteArray();
  }

  private static InputStream open(Codec codec, byte[] input, int bytesMax) throws IOException {
    ByteArrayInputStream in = new ByteArrayInputStream(input);
    return switch (codec) {
      case NONE -> in;
      case GZIP -> new GZIPInputStream(in, CHUNK_BYTES);
      case SNAPPY -> {
        SnappyChunks.check(input, bytesMax);
        yield new SnappyInputStream(in);
      }
      case LZ4 -> new LZ4FrameInputStream(in);
      case ZSTD -> new ZstdInputStream(in).setLongMax(ZSTD_WINDOW_LOG_MAX);
    };
  }

  private static OutputStream open(Codec codec, OutputStream out) throws IOException {
    return switch (codec) {
      case NONE -> out;
      case GZIP -> new GZIPOutputStream(out, CHUNK_BYTES);
      case SNAPPY -> new SnappyOutputStream(out);
      case LZ4 -> new LZ4FrameOutputStream(out);
      case ZSTD -> new ZstdOutputStream(out);
    };
  }

  static RefusedException tooLarge(int bytesMax) {
    return new RefusedException(
        Refusal.of(
                ErrorCode.BATCH_TOO_LARGE,
                "the batch takes more than %d bytes when decompressed: send smaller batches"
                    .formatted(bytesMax))
            .with("batch.bytes.max", bytesMax));
  }
}
