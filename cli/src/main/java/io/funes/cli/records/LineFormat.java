package io.funes.cli.records;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.funes.cli.terminal.CommandFailure;
import io.funes.client.ProducerRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/** How a line becomes a record. */
@FunctionalInterface
interface LineFormat {
  /**
   * Gives the record what the line says: its value, and perhaps a key and more.
   *
   * @throws IllegalArgumentException when the line is not of this format; says what is wrong
   */
  void read(byte[] line, ProducerRecord.Builder record);

  /** The line is the value, and there is no key. */
  static LineFormat value() {
    return (line, record) -> record.value(line);
  }

  /** What {@code consume -o json} prints. */
  static LineFormat json() {
    return JsonLine::read;
  }

  /** The key stands before the first delimiter, the value behind it. */
  static LineFormat keyDelimiter(String escaped) {
    byte[] delimiter = Escapes.read("--key-delimiter", escaped).getBytes(UTF_8);
    if (delimiter.length == 0) {
      throw CommandFailure.usage("--key-delimiter must not be empty");
    }
    return (line, record) -> {
      int at = indexOf(line, delimiter);
      if (at < 0) {
        record.value(line);
      } else {
        record
            .key(Arrays.copyOf(line, at))
            .value(Arrays.copyOfRange(line, at + delimiter.length, line.length));
      }
    };
  }

  /** The key is the first group of the first match, or all of the match; the value the line. */
  static LineFormat keyRegex(String regex) {
    Pattern pattern;
    try {
      pattern = Pattern.compile(regex);
    } catch (PatternSyntaxException e) {
      throw CommandFailure.usage(
          "--key-regex: %s at position %d".formatted(e.getDescription(), e.getIndex()));
    }
    return (line, record) -> {
      record.value(line);
      Charset charset = charsetOf(line);
      Matcher matcher = pattern.matcher(new String(line, charset));
      String key = matcher.find() ? matcher.group(Math.min(1, matcher.groupCount())) : null;
      if (key != null) {
        record.key(key.getBytes(charset));
      }
    };
  }

  /** What is not UTF-8 is matched byte by byte, so that the key has the very bytes of the line. */
  private static Charset charsetOf(byte[] line) {
    try {
      UTF_8.newDecoder().decode(ByteBuffer.wrap(line));
      return UTF_8;
    } catch (CharacterCodingException e) {
      return ISO_8859_1;
    }
  }

  private static int indexOf(byte[] line, byte[] delimiter) {
    for (int at = 0; at + delimiter.length <= line.length; at++) {
      if (Arrays.equals(line, at, at + delimiter.length, delimiter, 0, delimiter.length)) {
        return at;
      }
    }
    return -1;
  }
}
