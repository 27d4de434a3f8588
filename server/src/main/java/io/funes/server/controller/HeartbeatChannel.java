package io.funes.server.controller;

import io.funes.server.metadata.BrokerImage;

/** Carries heartbeats to the controller. */
public interface HeartbeatChannel {
  /** Neither blocks nor throws: what fails is told to the receiver. */
  Stream open(BrokerImage controller, Receiver receiver);

  /** The sender's end. */
  interface Stream {
    void send(Heartbeat beat);

    /** Nothing comes from it any more. */
    void close();
  }

  /** Hears what comes back, perhaps before {@link #open} has returned. */
  interface Receiver {
    void answered(HeartbeatAnswer answer);

    /** The last of it. */
    void ended(String why);
  }
}
