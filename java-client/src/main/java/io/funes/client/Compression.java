package io.funes.client;

/**
 * How the producer compresses a batch. {@link #GZIP} is part of the JDK; the others need a library
 * of the user's class path, and a builder that names one without its library throws {@link
 * CodecMissingException}.
 */
public enum Compression {
  /** As it is. */
  NONE(0, "the JDK"),
  /** RFC 1952. */
  GZIP(1, "the JDK"),
  /**
   * Snappy in the frame of snappy-java, as in Kafka. Needs {@code org.xerial.snappy:snappy-java}.
   */
  SNAPPY(2, "org.xerial.snappy:snappy-java"),
  /** The LZ4 frame format. Needs {@code at.yawk.lz4:lz4-java}. */
  LZ4(3, "at.yawk.lz4:lz4-java"),
  /** RFC 8878. Needs {@code com.github.luben:zstd-jni}. */
  ZSTD(4, "com.github.luben:zstd-jni");

  /** Number in the attributes of a batch and in the protocol. */
  final int id;

  final String library;

  Compression(int id, String library) {
    this.id = id;
    this.library = library;
  }
}
