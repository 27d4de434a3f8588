package io.funes.server.record;

/**
 * Compression of a batch body. The id is the number in {@code RecordBatch.attributes} and in {@code
 * funes.v1.Codec}.
 */
public enum Codec {
  NONE(0),
  GZIP(1),
  SNAPPY(2),
  LZ4(3),
  ZSTD(4);

  private static final Codec[] BY_ID = values();

  private final int id;

  Codec(int id) {
    this.id = id;
  }

  public int id() {
    return id;
  }

  /** The codec, or null for an id that names none. */
  public static Codec of(int id) {
    return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
  }
}
