package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A page of docs whose commands can be run. What a block fenced as {@code sh} prints stands in the
 * fenced block behind it, if that is the next one and no {@code sh} block itself. There, words in
 * angle brackets, such as {@code <id>}, stand for any text within a line, and a line of three dots
 * for any number of lines.
 */
record ShellDocument(Path file, List<Step> steps) {
  private static final Pattern FENCED =
      Pattern.compile("^```(\\w+)\\n(.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
  private static final Pattern PLACEHOLDER =
      Pattern.compile("<[a-z ]+>|^ *\\.\\.\\.\\n", Pattern.MULTILINE);

  /** A command and what the page says that it prints; null where it says nothing. */
  record Step(String command, String output) {}

  static ShellDocument read(Path file) {
    List<Step> steps = new ArrayList<>();
    try {
      List<MatchResult> blocks = FENCED.matcher(Files.readString(file)).results().toList();
      for (int i = 0; i < blocks.size(); i++) {
        if (isCommand(blocks.get(i))) {
          boolean shown = i + 1 < blocks.size() && !isCommand(blocks.get(i + 1));
          steps.add(new Step(blocks.get(i).group(2), shown ? blocks.get(i + 1).group(2) : null));
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new ShellDocument(file, steps);
  }

  private static boolean isCommand(MatchResult block) {
    return block.group(1).equals("sh");
  }

  /** Runs every command in order in the shell, errors together with the output. */
  void run(Shell shell) {
    assertThat(steps).isNotEmpty();
    for (Step step : steps) {
      String printed = shell.run(step.command());
      if (step.output() != null) {
        assertThat(printed.stripTrailing() + "\n")
            .as("what %s says that this prints:%n%s", file.getFileName(), step.command())
            .matches(pattern(step.output()));
      }
    }
  }

  private static Pattern pattern(String output) {
    StringBuilder regex = new StringBuilder();
    Matcher placeholder = PLACEHOLDER.matcher(output);
    int from = 0;
    while (placeholder.find()) {
      regex.append(Pattern.quote(output.substring(from, placeholder.start())));
      regex.append(placeholder.group().startsWith("<") ? "[^\\n]+?" : "(?:[^\\n]*\\n)*?");
      from = placeholder.end();
    }
    return Pattern.compile(regex + Pattern.quote(output.substring(from)));
  }

  /** Runs a command and gives back what it printed. */
  @FunctionalInterface
  interface Shell {
    String run(String command);
  }
}
