package io.funes.it;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The real access log among the test resources, and what must be true of a topic that holds it. */
final class AccessLog {
  static final Path FILE = Path.of("src/test/resources/access-log/access.log").toAbsolutePath();

  private static final Pattern STATUS = Pattern.compile("\" (\\d{3}) ");

  private AccessLog() {}

  /** A record as a reader got it. */
  record Read(int partition, long offset, String key, String line) {
    /** Every byte is a character: the log has lines that are not UTF-8. */
    static Read of(int partition, long offset, byte[] key, byte[] line) {
      return new Read(partition, offset, new String(key, ISO_8859_1), new String(line, ISO_8859_1));
    }
  }

  static List<String> lines() {
    try {
      return Files.readAllLines(FILE, ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What was read is the file: each line once, those of an address together and in its order. */
  static void assertWhole(List<Read> read) {
    List<String> lines = lines();
    assertThat(read).hasSize(10_000);
    assertThat(read).extracting(Read::line).containsExactlyInAnyOrderElementsOf(lines);
    assertThat(read).allSatisfy(one -> assertThat(one.key()).isEqualTo(address(one.line())));

    assertThat(read.stream().collect(groupingBy(one -> address(one.line()))))
        .hasSize(1_753)
        .allSatisfy((address, ofAddress) -> {
          assertThat(ofAddress.stream().map(Read::partition).collect(toSet())).hasSize(1);
          assertThat(ofAddress)
              .extracting(Read::line)
              .isEqualTo(lines.stream().filter(line -> address(line).equals(address)).toList());
        });
    assertOffsetsWithoutHoles(read);
    assertCounts(read);
  }

  private static void assertOffsetsWithoutHoles(List<Read> read) {
    assertThat(read.stream().collect(groupingBy(Read::partition)))
        .hasSize(6)
        .allSatisfy((partition, inPartition) -> {
          long next = 0;
          for (Read one : inPartition) {
            assertThat(one.offset()).isEqualTo(next++);
          }
        });
  }

  private static void assertCounts(List<Read> read) {
    assertThat(read).filteredOn(one -> one.key().equals("66.249.73.135")).hasSize(482);
    Map<String, Long> byStatus =
        read.stream().collect(groupingBy(one -> status(one.line()), counting()));
    assertThat(byStatus).containsEntry("200", 9_126L).containsEntry("404", 213L);
  }

  private static String address(String line) {
    return line.substring(0, line.indexOf(' '));
  }

  private static String status(String line) {
    Matcher status = STATUS.matcher(line);
    assertThat(status.find()).isTrue();
    return status.group(1);
  }
}
