package io.funes.cli.records;

import io.funes.cli.terminal.CommandFailure;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** Lines as the bytes that they are: only the line feed is taken off. */
final class LineReader {
  static final int LINE_BYTES_MAX = 16 << 20;

  private final InputStream in;
  private final byte[] chunk = new byte[64 << 10];
  private int at;
  private int end;
  private long lines;
  private long bytes;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** Lines read so far. */
  long lines() {
    return lines;
  }

  /** Bytes read so far, line feeds included. */
  long bytes() {
    return bytes;
  }

  /** The next line; null at the end. A last line needs no line feed. */
  byte[] next() throws IOException {
    if (at == end && !fill()) {
      return null;
    }
    lines++;
    int feed = feed();
    if (feed < end) {
      byte[] line = Arrays.copyOfRange(chunk, at, feed);
      take(feed);
      return line;
    }
    return longLine();
  }

  private byte[] longLine() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(end - at);
    do {
      int feed = feed();
      line.write(chunk, at, feed - at);
      if (line.size() > LINE_BYTES_MAX) {
        throw CommandFailure.usage(
            "line %d is longer than %d MiB: no record can hold it"
                .formatted(lines, LINE_BYTES_MAX >> 20));
      }
      boolean found = feed < end;
      take(feed);
      if (found) {
        break;
      }
    } while (fill());
    return line.toByteArray();
  }

  private int feed() {
    int index = at;
    while (index < end && chunk[index] != '\n') {
      index++;
    }
    return index;
  }

  private void take(int feed) {
    int next = Math.min(feed + 1, end);
    bytes += next - at;
    at = next;
  }

  private boolean fill() throws IOException {
    at = 0;
    end = Math.max(0, in.read(chunk));
    return end > 0;
  }
}
