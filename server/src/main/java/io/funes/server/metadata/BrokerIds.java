package io.funes.server.metadata;

import java.util.UUID;

/**
 * The ids of brokers, each given once.
 *
 * @param next above every id that was ever given or registered
 * @param joined ids that the cluster gave out, by the token of the call
 */
public record BrokerIds(int next, PersistentSortedMap<UUID, JoinedBroker> joined) {
  static final BrokerIds NONE = new BrokerIds(1, PersistentSortedMap.empty());

  BrokerIds joined(UUID token) {
    return new BrokerIds(next + 1, joined.with(token, new JoinedBroker(token, next)));
  }

  /** A broker came with an id of its own. */
  BrokerIds taken(int id) {
    return id < next ? this : new BrokerIds(id + 1, joined);
  }

  BrokerIds withoutJoinOf(int id) {
    for (JoinedBroker broker : joined) {
      if (broker.brokerId() == id) {
        return new BrokerIds(next, joined.without(broker.token()));
      }
    }
    return this;
  }
}
