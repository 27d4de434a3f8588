package io.funes.client.internal.cluster;

import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;

/** A way into the cluster: the channel to one broker, or to any. */
public final class Door {
  private final String name;
  private final ManagedChannel channel;
  private volatile boolean open;
  private volatile boolean avoided;

  Door(String name, ManagedChannel channel) {
    this.name = name;
    this.channel = channel;
  }

  public ManagedChannel channel() {
    return channel;
  }

  /** The connection stands. */
  boolean isOpen() {
    return open;
  }

  /** Whether it is gone by only where there is no choice. */
  boolean isAvoided() {
    return avoided;
  }

  void avoid(boolean nowAvoided) {
    avoided = nowAvoided;
  }

  /** Nobody goes by it any more. */
  public boolean isShut() {
    return channel.isShutdown();
  }

  /**
   * Keeps the connection up, and tells whenever it comes to stand or breaks: what was wrong by the
   * last one says nothing of the next.
   */
  void keepOpen(Runnable changed) {
    ConnectivityState state = channel.getState(true);
    boolean ready = state == ConnectivityState.READY;
    if (ready != open) {
      open = ready;
      avoided = false;
      changed.run();
    }
    if (state != ConnectivityState.SHUTDOWN) {
      channel.notifyWhenStateChanged(state, () -> keepOpen(changed));
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
