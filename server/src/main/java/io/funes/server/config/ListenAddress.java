package io.funes.server.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Optional;

/**
 * Where to listen. Port 0 takes a free one. An IPv6 host is written in brackets: {@code
 * [::1]:1942}.
 */
public record ListenAddress(String host, int port) {
  static final int PORT_MAX = 65_535;

  static Optional<ListenAddress> parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (bracketed) {
      host = host.substring(1, host.length() - 1);
    }
    if (host.isEmpty() || host.contains(" ") || host.contains(":") != bracketed) {
      return Optional.empty();
    }
    String resolved = host;
    return ValueType.integer(0, PORT_MAX)
        .parse(text.substring(colon + 1))
        .map(port -> new ListenAddress(resolved, port));
  }

  /** Unresolved where the name has no address. */
  public InetSocketAddress socketAddress() {
    return new InetSocketAddress(host, port);
  }

  /** Whether only this machine can connect. */
  public boolean loopback() {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /** Where others reach what listens here: this machine's name stands for all of its addresses. */
  public ListenAddress reachable() {
    try {
      return InetAddress.getByName(host).isAnyLocalAddress()
          ? new ListenAddress(InetAddress.getLocalHost().getHostName(), port)
          : this;
    } catch (UnknownHostException e) {
      return this;
    }
  }

  @Override
  public String toString() {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }
}
