package io.funes.cli.terminal;

import java.util.Collection;
import java.util.Iterator;
import java.util.Map;

/** Plain values as JSON on one line. */
public final class Json {
  private Json() {}

  /** Maps, collections, text, numbers, booleans and null; anything else as its text. */
  public static String text(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out);
    return out.toString();
  }

  private static void write(Object value, StringBuilder out) {
    switch (value) {
      case null -> out.append("null");
      case Map<?, ?> map -> writeMap(map, out);
      case Collection<?> items -> writeItems(items, out);
      case Number number -> out.append(number);
      case Boolean bool -> out.append(bool);
      default -> quote(value.toString(), out);
    }
  }

  private static void writeMap(Map<?, ?> map, StringBuilder out) {
    out.append('{');
    String separator = "";
    for (Map.Entry<?, ?> entry : map.entrySet()) {
      out.append(separator);
      quote(entry.getKey().toString(), out);
      out.append(':');
      write(entry.getValue(), out);
      separator = ",";
    }
    out.append('}');
  }

  private static void writeItems(Collection<?> items, StringBuilder out) {
    out.append('[');
    for (Iterator<?> each = items.iterator(); each.hasNext(); ) {
      write(each.next(), out);
      if (each.hasNext()) {
        out.append(',');
      }
    }
    out.append(']');
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          // Lone surrogates and the two line separators are legal Java but trouble for readers.
          if (c < ' ' || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c)) {
            i += writeUnusual(text, i, out);
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  /** Returns how many more characters it took. */
  private static int writeUnusual(String text, int at, StringBuilder out) {
    int codePoint = text.codePointAt(at);
    if (Character.isSupplementaryCodePoint(codePoint)) {
      out.appendCodePoint(codePoint);
      return 1;
    }
    out.append("\\u%04x".formatted(codePoint));
    return 0;
  }
}
