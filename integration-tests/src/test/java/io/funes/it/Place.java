package io.funes.it;

import java.util.List;
import java.util.Map;

/**
 * Where a broker runs and how others reach it.
 *
 * @param host on which it listens
 * @param internalHost on which it listens for other brokers
 * @param launcher words before the command that starts it
 * @param environment of its process
 */
record Place(
    String host, String internalHost, List<String> launcher, Map<String, String> environment) {
  static final Place LOOPBACK = new Place("127.0.0.1", "127.0.0.1", List.of(), Map.of());
}
