package io.funes.client.internal.record;

import com.github.luben.zstd.ZstdInputStreamNoFinalizer;
import com.github.luben.zstd.ZstdOutputStreamNoFinalizer;
import io.funes.client.CodecMissingException;
import io.funes.client.Compression;
import io.funes.client.ErrorReason;
import io.funes.client.Failure;
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
public final class Codecs {
  private static final int STREAM_BUFFER_BYTES = 8 << 10;
  private static final Map<Compression, Codec> PRESENT = present();

  private Codecs() {}

  /**
   * The codec.
   *
   * @throws CodecMissingException when its library is missing
   */
  public static Codec require(Compression compression) {
    Codec codec = PRESENT.get(compression);
    if (codec == null) {
      String message = compression + " needs " + library(compression) + " on the class path";
      throw new CodecMissingException(Failure.of(ErrorReason.CODEC_MISSING, message));
    }
    return codec;
  }

  /** The codec's number in the attributes of a batch and in the protocol. */
  public static int id(Compression compression) {
    return switch (compression) {
      case NONE -> 0;
      case GZIP -> 1;
      case SNAPPY -> 2;
      case LZ4 -> 3;
      case ZSTD -> 4;
    };
  }

  /** By its number; null for one that does not exist. */
  public static Compression byId(int id) {
    for (Compression compression : Compression.values()) {
      if (id(compression) == id) {
        return compression;
      }
    }
    return null;
  }

  /** Those that can be read, without {@link Compression#NONE}. */
  public static List<Compression> readable() {
    return new ArrayList<>(PRESENT.keySet());
  }

  private static String library(Compression compression) {
    return switch (compression) {
      case NONE, GZIP -> "the JDK";
      case SNAPPY -> "org.xerial.snappy:snappy-java";
      case LZ4 -> "at.yawk.lz4:lz4-java";
      case ZSTD -> "com.github.luben:zstd-jni";
    };
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
