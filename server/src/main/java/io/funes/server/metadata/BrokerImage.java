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
 * @param readOnly its disk is full or fails: leads only where no other in-sync replica could
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
    boolean readOnly,
    int replicaCount) {

  /** It may become leader and in sync. */
  public boolean active() {
    return !fenced && !shuttingDown;
  }

  /** Likewise, and takes what is produced. */
  public boolean writable() {
    return active() && !readOnly;
  }

  BrokerImage withReplicaCount(int count) {
    return new BrokerImage(
        id,
        incarnation,
        address,
        internalAddress,
        rack,
        epoch,
        fenced,
        shuttingDown,
        readOnly,
        count);
  }

  BrokerImage withFenced(boolean now) {
    return withState(now, shuttingDown, readOnly);
  }

  BrokerImage withShuttingDown(boolean now) {
    return withState(fenced, now, readOnly);
  }

  BrokerImage withReadOnly(boolean now) {
    return withState(fenced, shuttingDown, now);
  }

  /** As another one of the same epoch was. */
  BrokerImage withStateOf(BrokerImage other) {
    return withState(other.fenced, other.shuttingDown, other.readOnly);
  }

  private BrokerImage withState(boolean nowFenced, boolean nowShuttingDown, boolean nowReadOnly) {
    return new BrokerImage(
        id,
        incarnation,
        address,
        internalAddress,
        rack,
        epoch,
        nowFenced,
        nowShuttingDown,
        nowReadOnly,
        replicaCount);
  }
}
