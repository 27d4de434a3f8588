package io.funes.client;

/**
 * How the producer compresses a batch. {@link #GZIP} is part of the JDK; the others need a library
 * of the user's class path, and a builder that names one without its library throws {@link
 * CodecMissingException}.
 */
public enum Compression {
  /** As it is. */
  NONE,
  /** RFC 1952. */
  GZIP,
  /**
   * Snappy in the frame of snappy-java, as in Kafka. Needs {@code org.xerial.snappy:snappy-java}.
   */
  SNAPPY,
  /** The LZ4 frame format. Needs {@code at.yawk.lz4:lz4-java}. */
  LZ4,
  /** RFC 8878. Needs {@code com.github.luben:zstd-jni}. */
  ZSTD
}
