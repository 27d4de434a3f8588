package io.funes.bench.machine;

import io.funes.bench.system.Hosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A network namespace for each broker, all on one bridge (Linux, root). A broker is cut off by a
 * wrong link address for each other one, and theirs for it: packets are lost without a word.
 */
public final class Namespaces implements Hosts {
  /** Of the addresses that are for measuring networks only (RFC 2544). */
  private static final String SUBNET = "198.18.28.";

  private static final String NOBODY = "02:00:00:00:00:ff";
  private static final String BRIDGE = "funes-bench";

  private final int brokers;
  private final List<String> cuts = new ArrayList<>();

  private Namespaces(int brokers) {
    this.brokers = brokers;
  }

  /** Makes them; what an earlier run has left goes first. */
  public static Namespaces of(int brokers) {
    Namespaces namespaces = new Namespaces(brokers);
    namespaces.close();
    namespaces.make();
    return namespaces;
  }

  private void make() {
    ip("link add %s type bridge".formatted(BRIDGE));
    ip("addr add %s254/24 dev %s".formatted(SUBNET, BRIDGE));
    ip("link set %s up".formatted(BRIDGE));
    for (int broker = 0; broker < brokers; broker++) {
      String name = name(broker);
      ip("netns add %s".formatted(name));
      ip("link add %1$s type veth peer name eth0 netns %1$s".formatted(name));
      ip("link set %s master %s up".formatted(name, BRIDGE));
      ip("-n %s addr add %s/24 dev eth0".formatted(name, address(broker)));
      ip("-n %s link set eth0 up".formatted(name));
      ip("-n %s link set lo up".formatted(name));
    }
  }

  private static String name(int broker) {
    return "funes-b" + broker;
  }

  @Override
  public String address(int broker) {
    return SUBNET + (broker + 1);
  }

  @Override
  public List<String> launcher(int broker) {
    return List.of("ip", "netns", "exec", name(broker));
  }

  @Override
  public void cutOff(int broker) {
    for (int other = 0; other < brokers; other++) {
      if (other != broker) {
        cut(broker, other);
        cut(other, broker);
      }
    }
  }

  private void cut(int from, int to) {
    String neighbour = "%s dev eth0".formatted(address(to));
    ip("-n %s neigh replace %s lladdr %s nud permanent".formatted(name(from), neighbour, NOBODY));
    cuts.add("-n %s neigh del %s".formatted(name(from), neighbour));
  }

  @Override
  public void heal() {
    cuts.forEach(Namespaces::ip);
    cuts.clear();
  }

  @Override
  public void close() {
    for (int broker = 0; broker < brokers; broker++) {
      run("netns del %s".formatted(name(broker)));
      run("link del %s".formatted(name(broker)));
    }
    run("link del %s".formatted(BRIDGE));
  }

  private static void ip(String words) {
    if (run(words) != 0) {
      throw new IllegalStateException(
          "ip %s failed: links can be cut on Linux, as root, with iproute2".formatted(words));
    }
  }

  private static int run(String words) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(Arrays.asList(words.split(" ", -1)));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.onExit().join().exitValue();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
