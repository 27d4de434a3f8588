package io.funes.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Objects;

/**
 * A named value beside the payload of a record. Immutable as long as nobody writes to the array
 * that it was made with.
 */
public final class Header {
  private static final int NAME_BYTES_MAX = 32_767;

  private final String name;

  /** Made once, since one header is often used for many records. */
  private final byte[] nameBytes;

  private final byte[] value;

  private Header(String name, byte[] value) {
    this.name = Objects.requireNonNull(name, "name");
    this.value = value;
    Check.argument(!name.isEmpty(), "header name", "empty", "must have at least one character");
    nameBytes = name.getBytes(UTF_8);
    Check.argument(nameBytes.length <= NAME_BYTES_MAX, "header name", name, "is too long");
  }

  /**
   * A header with a binary value, which is not copied.
   *
   * @param name not empty, at most 32,767 bytes of UTF-8
   * @param value null for a header without a value, which is kept as such
   */
  public static Header of(String name, byte[] value) {
    return new Header(name, value);
  }

  /**
   * A header with a text value, sent as UTF-8.
   *
   * @param name not empty, at most 32,767 bytes of UTF-8
   * @param value not null
   */
  public static Header of(String name, String value) {
    return new Header(name, value.getBytes(UTF_8));
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The name as it is sent, in UTF-8: the array itself, not a copy. */
  public byte[] nameBytes() {
    return nameBytes;
  }

  /** The value itself, not a copy; null when the header has none. */
  public byte[] value() {
    return value;
  }

  /** The value read as UTF-8; null when the header has none. */
  public String valueText() {
    return value == null ? null : new String(value, UTF_8);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Header that
        && name.equals(that.name)
        && Arrays.equals(value, that.value);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + Arrays.hashCode(value);
  }

  @Override
  public String toString() {
    return name + "=" + (value == null ? "none" : value.length + " bytes");
  }
}
