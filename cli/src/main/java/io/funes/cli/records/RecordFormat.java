package io.funes.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.funes.cli.terminal.CommandFailure;
import io.funes.cli.terminal.Output;
import io.funes.client.ConsumerRecord;
import io.funes.client.Header;
import java.util.ArrayList;
import java.util.List;

/** How {@code consume} prints a record: text with {@code %} places, as in kcat. */
final class RecordFormat {
  static final String VALUE_PER_LINE = "%s\\n";

  private static final String OPTION = "--format";

  private final List<Part> parts;

  private RecordFormat(List<Part> parts) {
    this.parts = parts;
  }

  static RecordFormat parse(String format) {
    List<Part> parts = new ArrayList<>();
    StringBuilder literal = new StringBuilder();
    for (int i = 0; i < format.length(); i++) {
      char c = format.charAt(i);
      if ((c == '%' || c == '\\') && i + 1 == format.length()) {
        throw CommandFailure.usage(
            "%s ends in a single %c: write %c%c for one".formatted(OPTION, c, c, c));
      }
      if (c == '\\') {
        literal.append(Escapes.character(OPTION, format.charAt(++i)));
      } else if (c == '%' && format.charAt(++i) != '%') {
        parts.add(text(literal.toString()));
        literal.setLength(0);
        parts.add(place(format.charAt(i)));
      } else {
        literal.append(c);
      }
    }
    parts.add(text(literal.toString()));
    return new RecordFormat(List.copyOf(parts));
  }

  void print(ConsumerRecord record, Output out) {
    for (Part part : parts) {
      part.print(record, out);
    }
  }

  private static Part place(char letter) {
    return switch (letter) {
      case 'k' -> (record, out) -> bytes(record.key(), out);
      case 's' -> (record, out) -> bytes(record.value(), out);
      case 't' -> (record, out) -> text(record.topic(), out);
      case 'p' -> (record, out) -> text(record.partition(), out);
      case 'o' -> (record, out) -> text(record.offset(), out);
      case 'T' -> (record, out) -> text(record.timestampMs(), out);
      case 'K' -> (record, out) -> text(length(record.key()), out);
      case 'S' -> (record, out) -> text(length(record.value()), out);
      case 'h' -> RecordFormat::headers;
      default ->
          throw CommandFailure.usage(
              "%s: %%%c is not known; there are %%k key, %%s value, %%t topic, %%p partition, %%o offset, %%T timestamp, %%h headers, %%K and %%S key and value length, %%%%"
                  .formatted(OPTION, letter));
    };
  }

  private static void headers(ConsumerRecord record, Output out) {
    String separator = "";
    for (Header header : record.headers()) {
      text(separator + header.name() + "=", out);
      bytes(header.value(), out);
      separator = ",";
    }
  }

  private static Part text(String literal) {
    byte[] bytes = literal.getBytes(UTF_8);
    return (record, out) -> out.bytes(bytes);
  }

  private static void text(Object value, Output out) {
    out.bytes(value.toString().getBytes(UTF_8));
  }

  private static void bytes(byte[] bytes, Output out) {
    if (bytes != null) {
      out.bytes(bytes);
    }
  }

  private static int length(byte[] bytes) {
    return bytes == null ? -1 : bytes.length;
  }

  /** A piece of the output of one record. */
  @FunctionalInterface
  private interface Part {
    void print(ConsumerRecord record, Output out);
  }
}
