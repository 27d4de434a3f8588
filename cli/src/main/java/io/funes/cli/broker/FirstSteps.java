package io.funes.cli.broker;

import java.util.List;
import java.util.Map;

/** The next commands to type for somebody who has just started a broker. */
final class FirstSteps {
  private static final String DEFAULT_ADDRESS = "127.0.0.1:1942";

  private FirstSteps() {}

  /** The launcher says in FUNES_COMMAND how it was called. */
  static List<String> lines(String address, Map<String, String> environment) {
    String funes = environment.getOrDefault("FUNES_COMMAND", "./funes");
    String server = address.equals(DEFAULT_ADDRESS) ? "" : " --server " + address;
    return List.of(
        "",
        "Next, in another terminal:",
        "  %s topic create greetings --partitions 3%s".formatted(funes, server),
        "  echo hello | %s produce greetings%s".formatted(funes, server),
        "  %s consume greetings%s".formatted(funes, server),
        "");
  }
}
