package io.funes.cli.records;

import io.funes.cli.terminal.CommandFailure;

/** Characters that are hard to type in a shell: {@code \n \t \r \0 \\}. */
final class Escapes {
  private Escapes() {}

  /** Text with its escapes resolved; {@code option} is for the error message. */
  static String read(String option, String text) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '\\') {
        out.append(c);
      } else if (++i < text.length()) {
        out.append(character(option, text.charAt(i)));
      } else {
        throw CommandFailure.usage(option + " ends in a single \\: write \\\\ for one");
      }
    }
    return out.toString();
  }

  static char character(String option, char escape) {
    return switch (escape) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case '0' -> '\0';
      case '\\' -> '\\';
      default ->
          throw CommandFailure.usage(
              "%s: \\%c is not known; there are \\n \\t \\r \\0 \\\\".formatted(option, escape));
    };
  }
}
