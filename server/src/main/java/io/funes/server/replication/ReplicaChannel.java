package io.funes.server.replication;

/** One end of a stream between two brokers. Frames arrive in order, or the stream breaks. */
public interface ReplicaChannel {
  /** Whether a frame would leave at once. Where not, {@link Receiver#ready} follows. */
  boolean isReady();

  /**
   * Sends the frame, or drops it where the stream is broken: {@link Receiver#closed} follows. The
   * bytes of a push have been copied when this returns.
   */
  void send(ReplicaFrame frame);

  /** Breaks the stream. Nothing is received any more, {@link Receiver#closed} is not called. */
  void close();

  /** Who hears of the stream: one call at a time. */
  interface Receiver {
    /** The bytes of a push are there until this returns. */
    void received(ReplicaFrame frame);

    void ready();

    /** The stream has broken. Last call. */
    void closed();
  }

  /** Makes streams to leaders. */
  interface Connector {
    /** A stream to the broker, which may break at once. Frames may be sent before it stands. */
    ReplicaChannel connect(int brokerId, Receiver receiver);
  }
}
