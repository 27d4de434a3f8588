package io.funes.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The examples that users copy do compile; that of the package runs. */
final class ExamplesTest {
  private static final Pattern OF_MARKDOWN =
      Pattern.compile("^```java\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern OF_JAVADOC =
      Pattern.compile("<pre>\\{@code(.*?)\\n \\* }</pre>", Pattern.DOTALL);

  @TempDir Path classes;

  @ParameterizedTest
  @ValueSource(strings = {"../README.md", "../docs/walk-through.md"})
  void exampleOfAPageCompiles(String page) throws IOException {
    compile(example(page, OF_MARKDOWN));
  }

  @Test
  void exampleOfThePackageRuns() throws Exception {
    String example =
        example("src/main/java/io/funes/client/package-info.java", OF_JAVADOC)
            .replaceAll("(?m)^ \\* ?", "");
    try (FakeBroker broker = new FakeBroker()) {
      FakeTopic topic = broker.topic("greetings", 3);
      compile(example.replace("127.0.0.1:1942", broker.address()));
      try (URLClassLoader loader =
          new URLClassLoader(new URL[] {classes.toUri().toURL()}, getClass().getClassLoader())) {
        loader.loadClass("Example").getMethod("run").invoke(null);
      }
      assertThat(topic.logs.stream().flatMap(log -> log.values().stream()))
          .containsExactly("hello");
      assertThat(broker.fetch.reads).isNotEmpty();
    }
  }

  private static String example(String file, Pattern pattern) throws IOException {
    Matcher found = pattern.matcher(Files.readString(Path.of(file), UTF_8));
    assertThat(found.find()).as("an example in %s", file).isTrue();
    return found.group(1);
  }

  private void compile(String statements) throws IOException {
    Path source =
        Files.writeString(
            classes.resolve("Example.java"),
            """
            import static java.nio.charset.StandardCharsets.UTF_8;
            import io.funes.client.*;
            import java.time.Duration;
            public final class Example {
              public static void run() {
            %s
              }
            }
            """
                .formatted(statements));
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
      List<String> options =
          List.of(
              "-proc:none", "-d", classes.toString(), "-cp", System.getProperty("java.class.path"));
      boolean compiled =
          compiler
              .getTask(said, files, null, options, null, files.getJavaFileObjects(source))
              .call();
      assertThat(compiled).as(said.toString()).isTrue();
    }
  }
}
