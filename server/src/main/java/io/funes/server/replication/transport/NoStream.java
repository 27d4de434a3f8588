package io.funes.server.replication.transport;

import io.funes.server.replication.ReplicaChannel;
import io.funes.server.replication.ReplicaFrame;
import java.util.concurrent.Executor;

/** To a broker whose address is not known: breaks at once, though not before it is there. */
final class NoStream implements ReplicaChannel {
  private volatile boolean closed;

  NoStream(Receiver receiver, Executor executor) {
    executor.execute(() -> {
      if (!closed) {
        receiver.closed();
      }
    });
  }

  @Override
  public boolean isReady() {
    return false;
  }

  @Override
  public void send(ReplicaFrame frame) {
    // Dropped: closed() follows.
  }

  @Override
  public void close() {
    closed = true;
  }
}
