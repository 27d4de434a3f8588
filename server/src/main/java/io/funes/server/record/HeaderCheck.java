package io.funes.server.record;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * A record's header: a UTF-8 name and at most one value. A name that is not UTF-8 would break the
 * parsers of readers.
 */
final class HeaderCheck {
  static final int NAME_BYTES_MAX = 32_767;

  private static final int NAME = 0x0a;
  private static final int VALUE = 0x12;

  private HeaderCheck() {}

  static void check(ByteBuffer b, int at, int end, int record) {
    int position = at;
    int nameAt = -1;
    int nameLength = 0;
    boolean hasValue = false;
    while (position < end) {
      int tag = b.get(position++);
      int size = Varint.length(b, position, end);
      long length =
          size < 0 || size > Varint.LENGTH_BYTES_MAX ? -1 : Varint.read(b, position, size);
      position += Math.max(size, 0);
      if (length < 0 || length > end - position) {
        throw malformed(record, "a field of a header is longer than the header");
      }
      if (tag == NAME && nameAt < 0) {
        nameAt = position;
        nameLength = (int) length;
      } else if (tag == VALUE && !hasValue) {
        hasValue = true;
      } else {
        throw malformed(record, "unknown or repeated field in a header");
      }
      position += (int) length;
    }
    if (nameLength == 0 || nameLength > NAME_BYTES_MAX) {
      throw malformed(record, "a header name takes 1 to %d bytes".formatted(NAME_BYTES_MAX));
    }
    if (!isUtf8(b, nameAt, nameLength)) {
      throw malformed(record, "a header name is not UTF-8");
    }
  }

  private static boolean isUtf8(ByteBuffer b, int at, int length) {
    boolean ascii = true;
    for (int i = at; i < at + length && ascii; i++) {
      ascii = b.get(i) >= 0;
    }
    if (ascii) {
      return true;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(b.slice(at, length));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }

  private static RefusedException malformed(int record, String what) {
    return new RefusedException(
        Refusal.of(
                ErrorCode.MALFORMED_RECORDS, "record %d is malformed: %s".formatted(record, what))
            .with("record", record));
  }
}
