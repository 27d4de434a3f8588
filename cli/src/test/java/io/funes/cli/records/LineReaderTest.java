package io.funes.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.cli.terminal.CommandFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LineReaderTest {
  @Test
  void lastLineNeedsNoLineFeed() throws IOException {
    assertThat(lines("a\n\nb\r\nc")).containsExactly("a", "", "b\r", "c");
    assertThat(lines("a\n")).containsExactly("a");
    assertThat(lines("\n")).containsExactly("");
    assertThat(lines("")).isEmpty();
  }

  @Test
  void linesOfAnyLengthAndReadsOfAnySizeGiveTheSame() throws IOException {
    Random random = new Random(7);
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      expected.add("x".repeat(random.nextInt(10) == 0 ? random.nextInt(200_000) : i));
    }
    String text = String.join("\n", expected) + "\n";
    LineReader reader = new LineReader(new Dribble(text.getBytes(UTF_8), random));

    List<String> read = readAll(reader);

    assertThat(read).isEqualTo(expected);
    assertThat(reader.lines()).isEqualTo(200);
    assertThat(reader.bytes()).isEqualTo(text.length());
  }

  @Test
  void lineThatNoRecordCanHoldIsRefused() {
    byte[] endless = new byte[LineReader.LINE_BYTES_MAX + 100_000];
    LineReader reader = new LineReader(new ByteArrayInputStream(endless));

    assertThatThrownBy(reader::next)
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("line 1 is longer than 16 MiB");
  }

  private static List<String> lines(String text) throws IOException {
    return readAll(new LineReader(new ByteArrayInputStream(text.getBytes(UTF_8))));
  }

  private static List<String> readAll(LineReader reader) throws IOException {
    List<String> lines = new ArrayList<>();
    for (byte[] line = reader.next(); line != null; line = reader.next()) {
      lines.add(new String(line, UTF_8));
    }
    return lines;
  }

  /** Gives some bytes at a time, as a pipe does. */
  private static final class Dribble extends InputStream {
    private final ByteArrayInputStream bytes;
    private final Random random;

    Dribble(byte[] bytes, Random random) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.random = random;
    }

    @Override
    public int read() {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int from, int length) {
      return bytes.read(target, from, Math.min(length, 1 + random.nextInt(50_000)));
    }
  }
}
