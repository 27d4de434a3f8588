package io.funes.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A rule or a mended fault that names its test, but has none, is worse than one that names none.
 */
class DocumentedTestsTest {
  private static final Path PROJECT = Path.of("..").toAbsolutePath().normalize();

  /** {@code ClassTest}, {@code ClassTest.method}, or {@code .method} of the class before. */
  private static final Pattern NAME =
      Pattern.compile("`(?:([A-Z]\\w*(?:Test|IT)))?(?:\\.(\\w+\\*?))?`");

  private static Map<String, String> sources() throws IOException {
    Map<String, String> sources = new HashMap<>();
    for (String module : List.of("server", "java-client", "cli", "bench", "integration-tests")) {
      try (Stream<Path> files = Files.walk(PROJECT.resolve(module).resolve("src/test/java"))) {
        files
            .filter(file -> file.toString().endsWith(".java"))
            .forEach(file ->
                sources.put(file.getFileName().toString().replace(".java", ""), read(file)));
      }
    }
    return sources;
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static List<String> missing(String text, Map<String, String> sources) {
    List<String> missing = new ArrayList<>();
    for (String line : text.lines().filter(line -> line.startsWith("|")).toList()) {
      String last = null;
      for (Matcher name = NAME.matcher(line); name.find(); ) {
        last = name.group(1) == null ? last : name.group(1);
        if (last != null && !exists(sources.get(last), name.group(2))) {
          missing.add(last + (name.group(2) == null ? "" : "." + name.group(2)));
        }
      }
    }
    return missing;
  }

  private static boolean exists(String source, String method) {
    return source != null
        && (method == null
            || Pattern.compile("void " + method.replace("*", "\\w*") + "\\(")
                .matcher(source)
                .find());
  }

  @ParameterizedTest
  @ValueSource(strings = {"replication.md", "bugs.md"})
  void everyTestThatAPageNamesExists(String page) throws IOException {
    assertThat(missing(read(PROJECT.resolve("docs").resolve(page)), sources())).isEmpty();
  }

  @Test
  void testThatWasRenamedIsFound() throws IOException {
    String page =
        "| a rule | `DocumentedTestsTest.testThatWasRenamedIsFound`, `.noLonger`, `NoTest` |";

    assertThat(missing(page, sources())).containsExactly("DocumentedTestsTest.noLonger", "NoTest");
  }
}
