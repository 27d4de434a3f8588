package io.funes.cli.records;

import static com.google.gson.stream.JsonToken.BEGIN_ARRAY;
import static com.google.gson.stream.JsonToken.BEGIN_OBJECT;
import static com.google.gson.stream.JsonToken.END_DOCUMENT;
import static com.google.gson.stream.JsonToken.NULL;
import static com.google.gson.stream.JsonToken.NUMBER;
import static com.google.gson.stream.JsonToken.STRING;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonReader;
import com.google.gson.stream.JsonToken;
import io.funes.client.Header;
import io.funes.client.ProducerRecord;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line as {@link RecordJson} makes it, read as a record to send. Strict: a misspelt field must
 * not become a record without key or value.
 */
final class JsonLine {
  private static final Pattern COLUMN = Pattern.compile("column (\\d+)");
  private static final String BASE64 = "_base64";

  private final JsonReader in;
  private final ProducerRecord.Builder record;

  private JsonLine(String line, ProducerRecord.Builder record) {
    in = new JsonReader(new StringReader(line));
    in.setStrictness(Strictness.STRICT);
    this.record = record;
  }

  static void read(byte[] line, ProducerRecord.Builder record) {
    try {
      new JsonLine(UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString(), record).read();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException("not UTF-8: JSON has other bytes in base64", e);
    } catch (IOException e) {
      Matcher column = COLUMN.matcher(String.valueOf(e.getMessage()));
      throw noObject(column.find() ? column.group(1) : "1", e);
    }
  }

  private void read() throws IOException {
    if (in.peek() != BEGIN_OBJECT) {
      throw noObject("1", null);
    }
    Set<String> seen = new HashSet<>();
    in.beginObject();
    while (in.hasNext()) {
      String name = in.nextName();
      once(name, seen);
      field(name);
    }
    in.endObject();
    if (in.peek() != END_DOCUMENT) {
      throw wrong("more than one object");
    }
    if (!seen.contains("value")) {
      throw wrong("no value: give \"value\" or \"value_base64\"; null is a tombstone");
    }
  }

  private void field(String name) throws IOException {
    switch (name) {
      // The topic is the command's, the offset the log's.
      case "topic", "offset" -> in.skipValue();
      case "partition" -> record.partition((int) number(name, Integer.MAX_VALUE));
      case "timestamp_ms" -> record.timestampMs(number(name, Long.MAX_VALUE));
      case "key", "key_base64" -> record.key(bytes(name));
      case "value", "value_base64" -> record.value(bytes(name));
      case "headers" -> headers();
      default ->
          throw wrong(
              "unknown field \"%s\"; there are key, value, headers, partition, timestamp_ms"
                  .formatted(name));
    }
  }

  private void headers() throws IOException {
    expect("headers", BEGIN_ARRAY, "a list");
    in.beginArray();
    while (in.hasNext()) {
      record.header(header());
    }
    in.endArray();
  }

  private Header header() throws IOException {
    expect("a header", BEGIN_OBJECT, "an object");
    Set<String> seen = new HashSet<>();
    String headerName = null;
    byte[] value = null;
    in.beginObject();
    while (in.hasNext()) {
      String name = in.nextName();
      once(name, seen);
      switch (name) {
        case "name" -> headerName = text(name);
        case "value", "value_base64" -> value = bytes(name);
        default ->
            throw wrong("unknown field \"%s\" of a header; there are name, value".formatted(name));
      }
    }
    in.endObject();
    if (headerName == null || !seen.contains("value")) {
      throw wrong("a header without " + (headerName == null ? "name" : "value"));
    }
    return Header.of(headerName, value);
  }

  private static void once(String name, Set<String> seen) {
    String field = name.replace(BASE64, "");
    if (!seen.add(field)) {
      throw wrong(field + " is there twice");
    }
  }

  private byte[] bytes(String name) throws IOException {
    if (in.peek() == NULL) {
      in.nextNull();
      return null;
    }
    String text = text(name);
    try {
      if (name.endsWith(BASE64)) {
        return Base64.getDecoder().decode(text);
      }
      ByteBuffer encoded = UTF_8.newEncoder().encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(name + " has half a surrogate pair", e);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(name + " is not base64: " + e.getMessage(), e);
    }
  }

  private String text(String name) throws IOException {
    expect(name, STRING, "text in quotes");
    return in.nextString();
  }

  private long number(String name, long max) throws IOException {
    expect(name, NUMBER, "a number");
    String digits = in.nextString();
    try {
      long number = Long.parseLong(digits);
      if (number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below.
    }
    throw wrong("%s %s is no whole number up to %d".formatted(name, digits, max));
  }

  private void expect(String what, JsonToken token, String form) throws IOException {
    if (in.peek() != token) {
      throw wrong("%s must be %s".formatted(what, form));
    }
  }

  private static IllegalArgumentException noObject(String column, Throwable cause) {
    return new IllegalArgumentException(
        "no JSON object, look at character %s; --input-format text takes lines as they are"
            .formatted(column),
        cause);
  }

  private static IllegalArgumentException wrong(String what) {
    return new IllegalArgumentException(what);
  }
}
