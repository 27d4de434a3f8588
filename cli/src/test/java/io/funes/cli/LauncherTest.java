package io.funes.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code funes} as installed, without sources; a Java that only tells of its call. */
class LauncherTest {
  @TempDir Path root;

  @BeforeEach
  void install() throws IOException {
    Files.copy(Path.of("..", "funes"), root.resolve("funes"));
    Path dist = Files.createDirectories(root.resolve("cli/target/dist/lib")).getParent();
    Files.createFile(dist.resolve("lib/funes.jar"));
    Files.createFile(dist.resolve("funes.aot"));
    Path jdk = Files.createDirectories(root.resolve("jdk/bin")).getParent();
    Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
    Path java =
        Files.writeString(jdk.resolve("bin/java"), "#!/bin/sh\necho \"$FUNES_COMMAND: $*\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void commandIsToldAsItWasTyped() throws Exception {
    Files.createDirectory(root.resolve("sub"));
    Files.createSymbolicLink(root.resolve("sub/link"), root.resolve("funes"));

    assertThat(sh("./funes consume t")).startsWith("./funes:").endsWith("FunesCommand consume t\n");
    assertThat(sh("cd sub; ../funes start")).startsWith("../funes:");
    assertThat(sh("sub/link start")).startsWith("sub/link:");
    assertThat(sh("PATH=$PWD:$PATH; funes start")).startsWith("funes:");
    assertThat(sh("FUNES_COMMAND='docker run funes' ./funes start"))
        .startsWith("docker run funes:");
  }

  @Test
  void argumentsAreUtf8InThePlainLocale() throws Exception {
    Files.writeString(root.resolve("jdk/bin/java"), "#!/bin/sh\necho \"$LC_ALL\"\n");

    assertThat(sh("LC_ALL=C ./funes start")).isEqualTo("C.UTF-8\n");
    assertThat(sh("unset LC_ALL LC_CTYPE LANG; ./funes start")).isEqualTo("C.UTF-8\n");
    assertThat(sh("unset LC_ALL LC_CTYPE; LANG=de_DE.UTF-8 ./funes start")).isEqualTo("\n");
  }

  @Test
  void withoutSourcesTheirCommandsAreLeftToTheProgram() throws Exception {
    for (String command : List.of("test", "bench", "fix", "proto-baseline")) {
      assertThat(sh("./funes " + command)).endsWith("FunesCommand " + command + "\n");
    }
  }

  @Test
  void helpOfACommandDoesNotCarryItOut() throws Exception {
    Files.createFile(root.resolve("pom.xml"));
    Files.createFile(root.resolve("jdk/bin/javac")).toFile().setExecutable(true);
    for (String module : List.of("proto", "server", "java-client", "cli")) {
      Files.createDirectories(root.resolve(module + "/src/main"));
      Files.createFile(root.resolve(module + "/pom.xml"));
    }
    sh("touch cli/target/dist/lib/funes.jar");

    for (String command : List.of("test", "fix", "proto-baseline")) {
      assertThat(sh("./funes " + command + " --help"))
          .endsWith("FunesCommand " + command + " --help\n");
    }
  }

  private String sh(String script) throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("bash", "-c", script).directory(root.toFile()).redirectErrorStream(true);
    builder.environment().put("FUNES_JAVA_HOME", root.resolve("jdk").toString());
    builder.environment().remove("FUNES_COMMAND");
    Process process = builder.start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return printed;
  }
}
