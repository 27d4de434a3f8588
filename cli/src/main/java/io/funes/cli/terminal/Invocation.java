package io.funes.cli.terminal;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.util.Map;

/** One run of the command: its streams and environment, and what the global options say. */
public final class Invocation {
  private final InputStream in;
  private final Output out;
  private final PrintStream err;
  private final Map<String, String> environment;
  private final Terminal terminal;
  private boolean json;
  private boolean verbose;

  /** Which of the standard streams a person looks at. */
  public record Terminal(boolean in, boolean out, boolean err) {}

  public Invocation(
      InputStream in,
      OutputStream out,
      PrintStream err,
      Map<String, String> environment,
      Terminal terminal) {
    this.in = in;
    this.out = new Output(out);
    this.err = err;
    this.environment = environment;
    this.terminal = terminal;
  }

  public InputStream in() {
    return in;
  }

  public Output out() {
    return out;
  }

  /** For people: notes, progress and errors. */
  public PrintStream err() {
    return err;
  }

  public Map<String, String> environment() {
    return environment;
  }

  /** How this program was called, for commands that a message tells to type. */
  public String command() {
    return environment.getOrDefault("FUNES_COMMAND", "funes");
  }

  public Terminal terminal() {
    return terminal;
  }

  public boolean json() {
    return json;
  }

  public void json(boolean newJson) {
    json = newJson;
  }

  public boolean verbose() {
    return verbose;
  }

  public void verbose(boolean newVerbose) {
    verbose = newVerbose;
  }

  /** Prints the result of a command: these fields, or this text. */
  public void reply(Map<String, ?> fields, String text) {
    if (json) {
      out.json(fields);
    } else {
      out.line(text);
    }
  }
}
