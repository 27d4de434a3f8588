package io.funes.client;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import net.jpountz.lz4.LZ4FrameInputStream;
import net.jpountz.lz4.LZ4FrameOutputStream;
import org.xerial.snappy.SnappyInputStream;
import org.xerial.snappy.SnappyOutputStream;

/** The codecs whose libraries are on the class path. */
final class Codecs {
  private static final int STREAM_BUFFER_BYTES = 8 << 10;
  private static final Map<Compression, Codec> PRESENT = present();

  private Codecs() {}

  /**
   * The codec.
   *
   * @throws CodecMissingException when its library is missing
   */
  static Codec require(Compression compression) {
    Codec codec = PRESENT.get(compression);
    if (codec == null) {
      String message = compression + " needs " + compression.library + " on the class path";
      throw new CodecMissingException(Failure.of(ErrorReason.CODEC_MISSING, message));
    }
    return codec;
  }

  /** By the number in a batch's attributes; null for one that does not exist. */
  static Compression byId(int id) {
    for (Compression compression : Compression.values()) {
      if (compression.id == id) {
        return compression;
      }
    }
    return null;
  }

  /** Those that can be read, without {@link Compression#NONE}. */
  static List<Compression> readable() {
    return new ArrayList<>(PRESENT.keySet());
  }

  private static Map<Compression, Codec> present() {
    Map<Compression, Codec> codecs = new EnumMap<>(Compression.class);
    codecs.put(Compression.GZIP, Gzip.codec());
    if (exists("org.xerial.snappy.SnappyInputStream")) {
      codecs.put(Compression.SNAPPY, Snappy.codec());
    }
    if (exists("net.jpountz.lz4.LZ4FrameInputStream")) {
      codecs.put(Compression.LZ4, Lz4.codec());
    }
    if (exists("com.github.luben.zstd.ZstdInputStreamNoFinalizer")) {
      codecs.put(Compression.ZSTD, Zstd.codec());
    }
    return codecs;
  }

  private static boolean exists(String name) {
    try {
      Class.forName(name, false, Codecs.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  // A class each: the JVM looks for a library when it verifies the class that names it.

  private static final class Gzip {
    static Codec codec() {
      return new StreamCodec(
          out -> new GZIPOutputStream(out, STREAM_BUFFER_BYTES),
          in -> new GZIPInputStream(in, STREAM_BUFFER_BYTES));
    }
  }

  private static final class Snappy {
    static Codec codec() {
      return new SnappyCodec(new StreamCodec(SnappyOutputStream::new, SnappyInputStream::new));
    }
  }

  private static final class Lz4 {
    static Codec codec() {
      return new StreamCodec(LZ4FrameOutputStream::new, LZ4FrameInputStream::new);
    }
  }

  private static final class Zstd {
    static Codec codec() {
      return new StreamCodec(ZstdOutputStreamNoFinalizer::new, ZstdInputStreamNoFinalizer::new);
    }
  }
}
