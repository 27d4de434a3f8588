package io.funes.server.metadata;

import java.util.Optional;
import java.util.UUID;

/**
 * A registered broker.
 *
 * @param incarnation drawn at each start of the process
 * @param address host:port that clients reach it at
 * @param internalAddress host:port that other brokers reach it at; empty while it serves none
 * @param rack where it stands, for placement
 * @param epoch the image's revision at the registration of this incarnation: higher than that of
 *     every earlier one
 * @param fenced may neither lead nor be in sync: it has not caught up with the metadata yet, or it
 *     is not heard of
 * @param shuttingDown on its way out: may not become leader or in sync any more
 * @param replicaCount replicas of partitions that it holds
 */
public record BrokerImage(
    int id,
    UUID incarnation,
    String address,
    String internalAddress,
    Optional<String> rack,
    long epoch,
    boolean fenced,
    boolean shuttingDown,
    int replicaCount) {

  /** It takes replicas, and may become leader and in sync. */
  public boolean active() {
    return !fenced && !shuttingDown;
  }

  BrokerImage withReplicaCount(int count) {
    return new BrokerImage(
        id, incarnation, address, internalAddress, rack, epoch, fenced, shuttingDown, count);
  }

  BrokerImage withState(boolean nowFenced, boolean nowShuttingDown) {
    return new BrokerImage(
        id,
        incarnation,
        address,
        internalAddress,
        rack,
        epoch,
        nowFenced,
        nowShuttingDown,
        replicaCount);
  }
}
