package io.funes.cli.terminal;

import io.funes.client.Admin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How a command finds its broker. */
public final class ConnectionOptions {
  private static final String DEFAULT_SERVER = "127.0.0.1:1942";
  private static final Pattern HOST_PORT = Pattern.compile("(\\[[^]\\s]+]|[^:/\\s]+):(\\d{1,5})");
  private static final int PORT_MAX = 65_535;
  private static final int MS_PER_SECOND = 1000;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description =
          "Any broker, or several with commas between them, tried in this order. Default:"
              + " FUNES_SERVER, or "
              + DEFAULT_SERVER
              + ".")
  private String server;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "Longest wait for an answer, repetitions included. Default: ${DEFAULT-VALUE}.")
  private double timeoutSeconds;

  /**
   * The addresses, one of which at least takes connections just now. The client would try again
   * until the timeout, which is right in the middle of work but not for somebody who has started no
   * broker.
   */
  public String server(Invocation invocation) {
    String chosen = server;
    if (chosen == null) {
      chosen = invocation.environment().getOrDefault("FUNES_SERVER", DEFAULT_SERVER);
    }
    List<Matcher> addresses = addresses(chosen);
    int waitMs = Math.max(1, (int) (timeout().toMillis() / addresses.size()));
    List<String> refusals = new ArrayList<>();
    for (Matcher address : addresses) {
      String refusal = refusal(address.group(1), Integer.parseInt(address.group(2)), waitMs);
      if (refusal == null) {
        return chosen;
      }
      refusals.add("%s (%s)".formatted(address.group(), refusal));
    }
    throw new CommandFailure(
        ExitCode.UNAVAILABLE,
        "BROKER_UNAVAILABLE",
        "no broker answers at %s: '%s start' starts one, --server names another"
            .formatted(String.join(", ", refusals), invocation.command()),
        null);
  }

  public Duration timeout() {
    if (!(timeoutSeconds > 0) || timeoutSeconds > Integer.MAX_VALUE) {
      throw CommandFailure.usage("--timeout must be above 0");
    }
    return Duration.ofMillis(Math.max(1, Math.round(timeoutSeconds * MS_PER_SECOND)));
  }

  public Admin admin(Invocation invocation) {
    return Admin.builder().server(server(invocation)).timeout(timeout()).build();
  }

  private static List<Matcher> addresses(String text) {
    List<Matcher> addresses = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      Matcher parts = HOST_PORT.matcher(each.strip());
      if (!parts.matches() || Integer.parseInt(parts.group(2)) > PORT_MAX) {
        throw CommandFailure.usage(
            "\"%s\" is no server address: write HOST:PORT, such as %s"
                .formatted(each, DEFAULT_SERVER));
      }
      addresses.add(parts);
    }
    return addresses;
  }

  /** Why nobody takes a connection there; null when somebody does. */
  private static String refusal(String host, int port, int waitMs) {
    try {
      IOException refused = null;
      for (InetAddress each : InetAddress.getAllByName(host)) {
        try (Socket probe = new Socket()) {
          probe.connect(new InetSocketAddress(each, port), waitMs);
          return null;
        } catch (IOException e) {
          refused = e;
        }
      }
      return String.valueOf(refused.getMessage());
    } catch (UnknownHostException e) {
      return "there is no such host";
    }
  }
}
