package io.funes.server.metadata;

import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/** The field types that the codecs share. */
final class Fields {
  /** Above any string and collection that is written; a larger length can only be damage. */
  private static final int LENGTH_MAX = 64 << 20;

  /** Reads one element. */
  interface Reader<T> {
    T read(DataInput in) throws IOException;
  }

  /** Writes one element. */
  interface Writer<T> {
    void write(T value, DataOutput out) throws IOException;
  }

  private Fields() {}

  static void writeText(String text, DataOutput out) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    out.writeInt(bytes.length);
    out.write(bytes);
  }

  static String readText(DataInput in) throws IOException {
    byte[] bytes = new byte[readLength(in)];
    in.readFully(bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static void writeUuid(UUID id, DataOutput out) throws IOException {
    out.writeLong(id.getMostSignificantBits());
    out.writeLong(id.getLeastSignificantBits());
  }

  static UUID readUuid(DataInput in) throws IOException {
    long high = in.readLong();
    return new UUID(high, in.readLong());
  }

  static void writeTopicId(TopicId id, DataOutput out) throws IOException {
    writeUuid(id.value(), out);
  }

  static TopicId readTopicId(DataInput in) throws IOException {
    return new TopicId(readUuid(in));
  }

  static void writeTopicName(TopicName name, DataOutput out) throws IOException {
    writeText(name.value(), out);
  }

  static TopicName readTopicName(DataInput in) throws IOException {
    return new TopicName(readText(in));
  }

  static <T> void writeOptional(Optional<T> value, Writer<T> writer, DataOutput out)
      throws IOException {
    out.writeBoolean(value.isPresent());
    if (value.isPresent()) {
      writer.write(value.get(), out);
    }
  }

  static <T> Optional<T> readOptional(Reader<T> reader, DataInput in) throws IOException {
    return in.readBoolean() ? Optional.of(reader.read(in)) : Optional.empty();
  }

  static <T> void writeAll(Iterable<T> values, int count, Writer<T> writer, DataOutput out)
      throws IOException {
    out.writeInt(count);
    for (T value : values) {
      writer.write(value, out);
    }
  }

  static <T> List<T> readAll(Reader<T> reader, DataInput in) throws IOException {
    int count = readLength(in);
    List<T> values = new ArrayList<>(Math.min(count, 1024));
    for (int i = 0; i < count; i++) {
      values.add(reader.read(in));
    }
    return values;
  }

  /** In key order, so that equal maps are equal bytes. */
  static void writeTexts(Map<String, String> texts, DataOutput out) throws IOException {
    out.writeInt(texts.size());
    for (Map.Entry<String, String> text : new TreeMap<>(texts).entrySet()) {
      writeText(text.getKey(), out);
      writeText(text.getValue(), out);
    }
  }

  static Map<String, String> readTexts(DataInput in) throws IOException {
    int count = readLength(in);
    Map<String, String> texts = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      String key = readText(in);
      texts.put(key, readText(in));
    }
    return texts;
  }

  static void writeInts(List<Integer> ints, DataOutput out) throws IOException {
    writeAll(ints, ints.size(), (each, to) -> to.writeInt(each), out);
  }

  static List<Integer> readInts(DataInput in) throws IOException {
    return readAll(DataInput::readInt, in);
  }

  private static int readLength(DataInput in) throws IOException {
    int length = in.readInt();
    if (length < 0 || length > LENGTH_MAX) {
      throw new IOException("damaged metadata: a length of " + length);
    }
    return length;
  }

  /** Refuses what only a newer release can have written. */
  static void checkVersion(String what, int version, int versionMax) throws IOException {
    if (version < 1 || version > versionMax) {
      throw new IOException(
          "%s has version %d and this broker knows up to %d: start a newer release of Funes"
              .formatted(what, version, versionMax));
    }
  }
}
