package io.funes.server.log;

import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Names of a segment's files: its base offset in 20 digits, so that they sort. */
final class SegmentNames {
  static final String LOG = ".log";
  static final String OFFSETS = ".index";
  static final String TIMES = ".timeindex";

  private static final String TEMPORARY = ".tmp";
  private static final Pattern NAME = Pattern.compile("(\\d{20})\\.(log|index|timeindex)");

  private SegmentNames() {}

  static String of(long baseOffset) {
    return "%020d".formatted(baseOffset);
  }

  /** The base offset of a segment's file, of any kind. */
  static OptionalLong baseOffset(Path file) {
    var matcher = NAME.matcher(file.getFileName().toString());
    if (!matcher.matches()) {
      return OptionalLong.empty();
    }
    try {
      return OptionalLong.of(Long.parseLong(matcher.group(1)));
    } catch (NumberFormatException e) {
      return OptionalLong.empty();
    }
  }

  static boolean isLog(Path file) {
    return file.toString().endsWith(LOG);
  }

  /** Half-written replacement of a small file. */
  static boolean isTemporary(Path file) {
    return file.toString().endsWith(TEMPORARY);
  }
}
