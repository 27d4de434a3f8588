package io.funes.it;

import java.util.List;

/**
 * What is between the brokers of a cluster, and can be cut. Clients reach every broker all the
 * time.
 */
interface Network extends AutoCloseable {

  /** The broker's place in it. */
  Place place(int broker);

  /** Called once, when it is known where brokers listen and before the first of them starts. */
  void connect(List<BrokerProcess> brokers);

  /** From now on nothing that one sends reaches the other, without a word to either. */
  void cut(int from, int to);

  /** All reach all again. */
  void heal();

  @Override
  void close();

  /**
   * Namespaces of the kernel where this process may make them, else proxies in this process; {@code
   * -Dfunes.it.network=proxies} asks for these.
   */
  static Network of(int brokers) {
    return System.getProperty("funes.it.network", "").equals("proxies")
            || !BrokerNamespaces.supported()
        ? new BrokerProxies(brokers)
        : new BrokerNamespaces(brokers);
  }
}
