package io.funes.server.controller;

import io.funes.server.metadata.BrokerImage;
import java.util.Optional;

/** Leads to the controller in this process without a connection; others are reached as ever. */
public final class LocalHeartbeats implements HeartbeatChannel {
  private final int brokerId;
  private final Controller controller;
  private final HeartbeatChannel others;

  /** For the broker of this id. */
  public LocalHeartbeats(int brokerId, Controller controller, HeartbeatChannel others) {
    this.brokerId = brokerId;
    this.controller = controller;
    this.others = others;
  }

  @Override
  public Stream open(BrokerImage to, Receiver receiver) {
    return to.id() == brokerId ? new Local(controller, receiver) : others.open(to, receiver);
  }

  private record Local(Controller controller, Receiver receiver) implements Stream {
    @Override
    public void send(Heartbeat beat) {
      Optional<HeartbeatAnswer> answer = controller.heard(beat);
      answer.ifPresentOrElse(
          receiver::answered, () -> receiver.ended("this broker is not the controller"));
    }

    @Override
    public void close() {
      // It cannot break while this process lives.
    }
  }
}
