package io.funes.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.Map;

/** Bytes in JSON: as text where they are UTF-8, else in a field {@code ..._base64}. */
public final class ByteText {
  private ByteText() {}

  /** Adds the field. No bytes are null, so that a tombstone can be told from an empty value. */
  public static void put(Map<String, Object> fields, String name, byte[] bytes) {
    if (bytes == null) {
      fields.put(name, null);
      return;
    }
    try {
      fields.put(name, UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (CharacterCodingException e) {
      fields.put(name + "_base64", Base64.getEncoder().encodeToString(bytes));
    }
  }
}
