package io.funes.cli.broker;

import java.util.List;

/** The next commands to type for somebody who has just started a broker. */
final class FirstSteps {
  private static final String DEFAULT_ADDRESS = "127.0.0.1:1942";

  private FirstSteps() {}

  /** The commands, with how {@code funes} is typed here. */
  static List<String> lines(RunningBroker broker, String funes) {
    String address = broker.address();
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
