package io.funes.it;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Each broker in a network namespace of its own, all on one bridge with this process. A cut is a
 * neighbour's address that nobody has: what is sent there is lost on the wire, in one direction,
 * and connections learn of it as they do of a cable that is pulled out.
 */
final class BrokerNamespaces implements Network {
  /** Of the addresses that are for measuring networks only (RFC 2544). */
  private static final String SUBNET = "198.18.27.";

  private static final String NOBODY = "02:00:00:00:00:ff";
  private static final String BRIDGE = "funes-it";

  private record Cut(int from, int to) {}

  private final int brokers;
  private final Set<Cut> cuts = new HashSet<>();

  BrokerNamespaces(int brokers) {
    this.brokers = brokers;
    remove();
    ip("link add %s type bridge".formatted(BRIDGE));
    ip("addr add %s254/24 dev %s".formatted(SUBNET, BRIDGE));
    ip("link set %s up".formatted(BRIDGE));
    for (int id = 0; id < brokers; id++) {
      ip("netns add %s".formatted(name(id)));
      ip("link add %s type veth peer name eth0 netns %s".formatted(name(id), name(id)));
      ip("link set %s master %s up".formatted(name(id), BRIDGE));
      ip("-n %s addr add %s/24 dev eth0".formatted(name(id), address(id)));
      ip("-n %s link set eth0 up".formatted(name(id)));
      ip("-n %s link set lo up".formatted(name(id)));
    }
  }

  /** Whether this process may make them. */
  static boolean supported() {
    return Files.isExecutable(Path.of("/usr/sbin/ip"))
        && Finished.run(List.of("/usr/sbin/ip", "netns", "add", "funes-it-try")).exitCode() == 0
        && Finished.run(List.of("/usr/sbin/ip", "netns", "del", "funes-it-try")).exitCode() == 0;
  }

  private static String name(int id) {
    return BRIDGE + "-" + id;
  }

  private static String address(int id) {
    return SUBNET + (id + 1);
  }

  @Override
  public Place place(int broker) {
    List<String> launcher = List.of("/usr/sbin/ip", "netns", "exec", name(broker));
    return new Place(address(broker), address(broker), launcher, Map.of());
  }

  @Override
  public void connect(List<BrokerProcess> processes) {
    // The kernel does it.
  }

  @Override
  public void cut(int from, int to) {
    cuts.add(new Cut(from, to));
    ip(
        "-n %s neigh replace %s lladdr %s dev eth0 nud permanent"
            .formatted(name(from), address(to), NOBODY));
  }

  @Override
  public void heal() {
    cuts.forEach(
        cut -> ip("-n %s neigh del %s dev eth0".formatted(name(cut.from), address(cut.to))));
    cuts.clear();
  }

  /** Also what an earlier run has left. */
  private void remove() {
    for (int id = 0; id < brokers; id++) {
      tryIp("netns del %s".formatted(name(id)));
      tryIp("link del %s".formatted(name(id)));
    }
    tryIp("link del %s".formatted(BRIDGE));
  }

  @Override
  public void close() {
    remove();
  }

  @Override
  public String toString() {
    return "network namespaces";
  }

  private static void ip(String words) {
    tryIp(words).succeeded();
  }

  private static Finished tryIp(String words) {
    List<String> command = new ArrayList<>(List.of("/usr/sbin/ip"));
    command.addAll(Arrays.asList(words.split(" ", -1)));
    return Finished.run(command);
  }
}
