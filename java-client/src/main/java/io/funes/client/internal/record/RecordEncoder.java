package io.funes.client.internal.record;

import io.funes.client.Header;
import io.funes.client.ProducerRecord;
import java.util.List;

/**
 * Writes records as the body of a batch: {@code Records} with one {@code Record} after the other.
 */
public final class RecordEncoder {
  public static final byte ENTRY = 1 << 3 | 2;
  public static final byte KEY = 1 << 3 | 2;
  public static final byte VALUE = 2 << 3 | 2;
  public static final byte HEADER = 3 << 3 | 2;
  public static final byte TIMESTAMP = 4 << 3;

  /** Never written here. */
  public static final byte OFFSET_DELTA = 5 << 3;

  private static final byte HEADER_NAME = 1 << 3 | 2;
  private static final byte HEADER_VALUE = 2 << 3 | 2;

  private RecordEncoder() {}

  /**
   * Bytes of the record without its tag and length. A long, since nobody has checked the sizes yet.
   */
  public static long size(ProducerRecord record) {
    long size = 0;
    byte[] key = record.key();
    if (key != null) {
      size += 1 + Varint.size(key.length) + (long) key.length;
    }
    byte[] value = record.value();
    if (value != null) {
      size += 1 + Varint.size(value.length) + (long) value.length;
    }
    List<Header> headers = record.headers();
    for (int i = 0; i < headers.size(); i++) {
      Header header = headers.get(i);
      long headerSize = size(header);
      size += 1 + Varint.size(headerSize) + headerSize;
    }
    if (record.timestampMs() >= 0) {
      size += 1 + Varint.size(record.timestampMs());
    }
    return size;
  }

  /** Bytes that a record of this size takes in the body. */
  public static long entrySize(long size) {
    return 1 + Varint.size(size) + size;
  }

  /** Writes the record and gives back where it ends. */
  public static int write(byte[] target, int at, ProducerRecord record, int size) {
    target[at] = ENTRY;
    int p = Varint.write(target, at + 1, size);
    if (record.key() != null) {
      p = field(target, p, KEY, record.key());
    }
    if (record.value() != null) {
      p = field(target, p, VALUE, record.value());
    }
    List<Header> headers = record.headers();
    for (int i = 0; i < headers.size(); i++) {
      Header header = headers.get(i);
      target[p] = HEADER;
      p = Varint.write(target, p + 1, (int) size(header));
      p = field(target, p, HEADER_NAME, header.nameBytes());
      if (header.value() != null) {
        p = field(target, p, HEADER_VALUE, header.value());
      }
    }
    if (record.timestampMs() >= 0) {
      target[p] = TIMESTAMP;
      p = Varint.write(target, p + 1, record.timestampMs());
    }
    return p;
  }

  private static long size(Header header) {
    long size = 1 + Varint.size(header.nameBytes().length) + (long) header.nameBytes().length;
    byte[] value = header.value();
    return value == null ? size : size + 1 + Varint.size(value.length) + value.length;
  }

  private static int field(byte[] target, int at, byte tag, byte[] content) {
    target[at] = tag;
    int p = Varint.write(target, at + 1, content.length);
    System.arraycopy(content, 0, target, p, content.length);
    return p + content.length;
  }
}
