package io.funes.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/**
 * The standard output, buffered. Every write may throw {@link OutputClosedException}, or a {@link
 * CommandFailure} where it is not the reader who has gone, but what was written is lost.
 */
public final class Output extends OutputStream {
  private static final int BUFFER_BYTES = 64 << 10;

  private final OutputStream stream;

  Output(OutputStream stream) {
    this.stream = new BufferedOutputStream(stream, BUFFER_BYTES);
  }

  public void line(String text) {
    bytes(text.getBytes(UTF_8));
    write('\n');
  }

  /** One JSON object, on a line of its own. */
  public void json(Map<String, ?> fields) {
    line(Json.text(fields));
  }

  public void bytes(byte... bytes) {
    write(bytes, 0, bytes.length);
  }

  @Override
  public void write(int single) {
    try {
      stream.write(single);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    try {
      stream.write(bytes, from, length);
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  @Override
  public void flush() {
    try {
      stream.flush();
    } catch (IOException e) {
      throw unwritable(e);
    }
  }

  private static RuntimeException unwritable(IOException e) {
    if (String.valueOf(e.getMessage()).contains("Broken pipe")) {
      return new OutputClosedException(e);
    }
    return new CommandFailure(
        ExitCode.FAILED, "IO", "the output cannot be written: " + e.getMessage(), e);
  }
}
