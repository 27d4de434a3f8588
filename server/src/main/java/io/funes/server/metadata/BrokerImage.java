package io.funes.server.metadata;

import java.util.UUID;

/**
 * A registered broker.
 *
 * @param incarnation drawn at each start of the process
 * @param address host:port that clients reach it at
 * @param epoch the image's revision at the registration of this incarnation: higher than that of
 *     every earlier one
 * @param replicaCount replicas of partitions that it holds
 */
public record BrokerImage(int id, UUID incarnation, String address, long epoch, int replicaCount) {
  BrokerImage withReplicaCount(int count) {
    return new BrokerImage(id, incarnation, address, epoch, count);
  }
}
