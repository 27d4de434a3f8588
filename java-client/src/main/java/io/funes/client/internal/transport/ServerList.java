package io.funes.client.internal.transport;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The brokers that a client was told of, in the order in which they are tried. */
public record ServerList(List<Address> addresses) {
  public static final ServerList LOCAL = parse("127.0.0.1:1942");

  private static final int PORT_MAX = 65_535;

  /** Not looked up yet: names may come to mean other machines while a client lives. */
  record Address(String host, int port) {
    private static final Pattern HOST_PORT =
        Pattern.compile("(\\[[^]\\s]+]|[^:/,\\s]+):(\\d{1,5})");

    private static Address parse(String text) {
      Matcher parts = HOST_PORT.matcher(text);
      int port = parts.matches() ? Integer.parseInt(parts.group(2)) : 0;
      if (port < 1 || port > PORT_MAX) {
        throw new IllegalArgumentException(
            "\"%s\" is no server address: write HOST:PORT, such as %s, and commas between several"
                .formatted(text, LOCAL));
      }
      return new Address(parts.group(1), port);
    }

    @Override
    public String toString() {
      return host + ":" + port;
    }
  }

  public static ServerList parse(String text) {
    Objects.requireNonNull(text, "server");
    List<Address> addresses = new ArrayList<>();
    for (String each : text.split(",", -1)) {
      addresses.add(Address.parse(each.strip()));
    }
    return new ServerList(Collections.unmodifiableList(addresses));
  }

  /** These, and behind them those of the others that are not among them. */
  ServerList and(List<Address> others) {
    Set<Address> all = new LinkedHashSet<>(addresses);
    all.addAll(others);
    return new ServerList(List.copyOf(all));
  }

  @Override
  public String toString() {
    return addresses.stream().map(Address::toString).collect(Collectors.joining(","));
  }
}
