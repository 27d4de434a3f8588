package io.funes.cli.terminal;

import io.funes.client.Admin;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** How a command finds its broker. */
public final class ConnectionOptions {
  private static final String DEFAULT_SERVER = "127.0.0.1:1942";
  private static final Pattern HOST_PORT = Pattern.compile("(\\[[^]\\s]+]|[^:/\\s]+):(\\d{1,5})");
  private static final int MS_PER_SECOND = 1000;

  @Option(
      names = "--server",
      paramLabel = "HOST:PORT",
      description = "Any broker. Default: FUNES_SERVER, or " + DEFAULT_SERVER + ".")
  private String server;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "Longest wait for an answer, repetitions included. Default: ${DEFAULT-VALUE}.")
  private double timeoutSeconds;

  /**
   * The address of a broker that takes connections just now. The client would try again until the
   * timeout, which is right in the middle of work but not for somebody who has started no broker.
   */
  public String server(Invocation invocation) {
    String chosen = server;
    if (chosen == null) {
      chosen = invocation.environment().getOrDefault("FUNES_SERVER", DEFAULT_SERVER);
    }
    Matcher parts = HOST_PORT.matcher(chosen);
    if (!parts.matches()) {
      throw CommandFailure.usage(
          "\"%s\" is no server address: write HOST:PORT, such as %s"
              .formatted(chosen, DEFAULT_SERVER));
    }
    checkReachable(chosen, parts, invocation.command());
    return chosen;
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

  private void checkReachable(String address, Matcher parts, String funes) {
    String host = parts.group(1);
    int port = Integer.parseInt(parts.group(2));
    try {
      IOException refused = null;
      for (InetAddress each : InetAddress.getAllByName(host)) {
        try (Socket probe = new Socket()) {
          probe.connect(new InetSocketAddress(each, port), (int) timeout().toMillis());
          return;
        } catch (IOException e) {
          refused = e;
        }
      }
      throw unreachable(address, refused, funes);
    } catch (UnknownHostException e) {
      throw unreachable(address, e, funes);
    }
  }

  private static CommandFailure unreachable(String address, IOException cause, String funes) {
    String why =
        cause instanceof UnknownHostException ? "there is no such host" : cause.getMessage();
    return new CommandFailure(
        ExitCode.UNAVAILABLE,
        "BROKER_UNAVAILABLE",
        "no broker answers at %s (%s): '%s start' starts one, --server names another"
            .formatted(address, why, funes),
        cause);
  }
}
