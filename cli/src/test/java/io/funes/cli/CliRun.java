package io.funes.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.funes.cli.terminal.Invocation;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Map;

/** Runs the command in this process and keeps what it printed. */
public final class CliRun {
  private final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  private String input = "";
  private boolean terminal;
  private int exitCode = -1;

  public static CliRun of(String... args) {
    return new CliRun().run(args);
  }

  public CliRun input(String text) {
    input = text;
    return this;
  }

  public CliRun environment(String name, String value) {
    environment.put(name, value);
    return this;
  }

  public CliRun onTerminal() {
    terminal = true;
    return this;
  }

  public Invocation invocation() {
    return new Invocation(
        new ByteArrayInputStream(input.getBytes(UTF_8)),
        out,
        new PrintStream(err, true, UTF_8),
        environment,
        new Invocation.Terminal(false, terminal, terminal));
  }

  public CliRun run(String... args) {
    exitCode = FunesCommand.run(invocation(), args);
    return this;
  }

  public int exitCode() {
    return exitCode;
  }

  public String out() {
    return out.toString(UTF_8);
  }

  public String err() {
    return err.toString(UTF_8);
  }
}
