package io.funes.server.routing;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.RefusedException;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataDelta;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataListener;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.replication.ServedTopic;
import io.grpc.Channel;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Where the leaders are, and one connection to each other broker, made when that one begins to take
 * part: calls are sent on most when leaders have just moved, and should not wait for a connection.
 */
public final class Routes implements MetadataListener, AutoCloseable {
  private final int brokerId;
  private final Function<String, ManagedChannel> connect;
  private final Map<String, ManagedChannel> channels = new ConcurrentHashMap<>();
  private volatile MetadataImage image = MetadataImage.EMPTY;

  /**
   * Without any connection yet.
   *
   * @param connect makes the connection to an internal address, lazily as gRPC does; {@link
   *     LeaderConnections} for one
   */
  public Routes(int brokerId, Function<String, ManagedChannel> connect) {
    this.brokerId = brokerId;
    this.connect = connect;
  }

  @Override
  public void changed(MetadataImage newImage, MetadataDelta delta) {
    image = newImage;
    for (MetadataDelta.BrokerChange change : delta.brokers()) {
      change
          .before()
          .filter(before -> !before.fenced()) // Else there is no connection to it any more.
          .ifPresent(before -> disconnect(before.internalAddress()));
    }
    delta
        .activeBrokers(brokerId)
        .map(BrokerImage::internalAddress)
        .filter(address -> !address.isEmpty())
        .forEach(address -> channel(address).getState(true));
  }

  /**
   * What was sent on to it ends now, unless a broker that takes part is there. One that was fenced
   * may stand still and never answer; it leads nothing any more, and who leads now can be asked.
   */
  private void disconnect(String address) {
    ManagedChannel channel = isServed(address) ? null : channels.remove(address);
    if (channel != null) {
      channel.shutdownNow();
    }
  }

  private boolean isServed(String address) {
    for (BrokerImage broker : image.brokers()) {
      if (!broker.fenced() && broker.internalAddress().equals(address)) {
        return true;
      }
    }
    return false;
  }

  /** Who leads the partition, this broker perhaps; refused where there is nobody. */
  Leader leader(ServedTopic topic, int partition) {
    PartitionImage now = topic.image().partitions().get(partition);
    return image
        .broker(now.leaderId())
        .map(broker -> new Leader(broker.id(), broker.address(), broker.internalAddress()))
        .orElseThrow(() -> topic.notLeader(partition).exception());
  }

  /**
   * The other broker that a call for the partition goes on to; refused where it may not, having
   * come from a broker already.
   */
  Leader onward(Caller caller, ServedTopic topic, int partition) {
    Leader leader = leader(topic, partition);
    if (caller.forwarded() || isHere(leader)) {
      throw addressed(topic.notLeader(partition).exception());
    }
    return leader;
  }

  boolean isHere(Leader leader) {
    return leader.brokerId() == brokerId;
  }

  /** The refusal with the address of the leader it speaks of. */
  public RefusedException addressed(RefusedException refused) {
    if (refused.code() != ErrorCode.NOT_LEADER) {
      return refused;
    }
    return Optional.ofNullable(refused.refusal().metadata().get("leader"))
        .flatMap(leader -> image.broker(Integer.parseInt(leader)))
        .map(broker -> refused.refusal().with("leader_address", broker.address()).exception())
        .orElse(refused);
  }

  Channel channel(Leader leader) {
    ManagedChannel channel = channel(leader.internalAddress());
    if (image.broker(leader.brokerId()).map(BrokerImage::fenced).orElse(true)) {
      disconnect(leader.internalAddress()); // It was fenced after it had been found to lead.
    }
    return channel;
  }

  private ManagedChannel channel(String address) {
    return channels.computeIfAbsent(address, connect);
  }

  /**
   * A call to it failed. gRPC waits longer after each failure to connect, up to two minutes; a
   * broker that is back should be reached by the next call.
   */
  void failed(Leader leader) {
    ManagedChannel channel = channels.get(leader.internalAddress());
    if (channel != null && channel.getState(false) == ConnectivityState.TRANSIENT_FAILURE) {
      channel.resetConnectBackoff();
    }
  }

  /** Takes no new calls; those under way end as they would. */
  @Override
  public void close() {
    channels.values().forEach(ManagedChannel::shutdown);
  }
}
