package io.funes.server.testing;

import io.funes.server.common.Scheduler;
import io.funes.server.replication.PartitionTable;
import io.funes.server.replication.ReplicaChannel;
import io.funes.server.replication.ReplicaFrame;
import io.funes.server.replication.ReplicaFrame.Push;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;

/** Streams between the brokers of one test: what one says, the other hears when its turn comes. */
public final class ReplicaStreams {
  private final Map<Integer, PartitionTable> tables = new HashMap<>();
  private final Map<Integer, Scheduler> turns = new HashMap<>();

  void add(int brokerId, PartitionTable table, Scheduler turn) {
    tables.put(brokerId, table);
    turns.put(brokerId, turn);
  }

  /** For a broker that follows. */
  ReplicaChannel.Connector from(int brokerId, LongSupplier brokerEpoch) {
    return (leaderId, follower) -> {
      if (!tables.containsKey(leaderId)) {
        return null; // Of that broker there is nothing but its registration.
      }
      Channel toFollower = new Channel(brokerId);
      toFollower.receiver = follower;
      Channel toLeader = new Channel(leaderId);
      toLeader.receiver =
          tables.get(leaderId).feeds().accept(brokerId, brokerEpoch.getAsLong(), toFollower);
      return toLeader;
    };
  }

  private final class Channel implements ReplicaChannel {
    private final int to;
    private Receiver receiver;

    Channel(int to) {
      this.to = to;
    }

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void send(ReplicaFrame frame) {
      ReplicaFrame kept = frame instanceof Push push ? copy(push) : frame;
      turns.get(to).execute(() -> receiver.received(kept));
    }

    private static Push copy(Push push) {
      ByteBuffer entries = ByteBuffer.allocateDirect(push.entries().remaining());
      entries.put(push.entries().duplicate()).flip();
      return new Push(push.partition(), push.leaderEpoch(), push.highWatermark(), entries);
    }

    @Override
    public void close() {
      // The broker at the other end belongs to the same test and ends with it.
    }
  }
}
