package io.funes.bench.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.StringJoiner;
import java.util.TreeMap;

/** Keeps every run as a line of JSON, the ones that choose a setting or fail too. */
public final class ResultsFile {
  private final Path path;
  private final Map<String, String> session;

  /**
   * @param session what every line begins with: time, commit, machine
   */
  public ResultsFile(Path path, Map<String, String> session) throws IOException {
    this.path = path;
    this.session = session;
    Files.createDirectories(path.getParent());
  }

  public void add(Run run) throws IOException {
    Files.writeString(path, line(run) + "\n", StandardOpenOption.CREATE, StandardOpenOption.APPEND);
  }

  String line(Run run) {
    StringJoiner json = new StringJoiner(",", "{", "}");
    session.forEach((key, value) -> json.add(text(key) + ":" + text(value)));
    json.add("\"workload\":" + text(run.workload()));
    json.add("\"system\":" + text(run.system()));
    json.add("\"version\":" + text(run.outcome().version()));
    json.add("\"setting\":" + text(run.setting().toString()));
    json.add("\"pair\":" + run.pair());
    json.add("\"calibration_seconds\":" + run.calibrationSeconds());
    if (run.outcome().failed()) {
      json.add("\"failure\":" + text(run.outcome().failure()));
    }
    new TreeMap<>(run.outcome().figures())
        .forEach((key, value) -> json.add(text(key) + ":" + value));
    return json.toString();
  }

  private static String text(String value) {
    StringBuilder out = new StringBuilder("\"");
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> out.append('\\').append(c);
        case '\n' -> out.append("\\n");
        case '\t' -> out.append("\\t");
        default -> out.append(c < ' ' ? String.format("\\u%04x", (int) c) : Character.toString(c));
      }
    }
    return out.append('"').toString();
  }
}
