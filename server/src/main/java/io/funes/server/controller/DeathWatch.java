package io.funes.server.controller;

import io.funes.server.metadata.BrokerImage;
import java.util.function.IntConsumer;

/**
 * Notices the death of the controller, since nobody else would tell: its stream breaks, and its
 * address refuses a dial. A stream that only broke says nothing, nor one that this broker closed.
 */
public final class DeathWatch implements HeartbeatChannel {
  private final HeartbeatChannel channel;
  private final Probe probe;
  private final IntConsumer onDeath;

  /**
   * Over streams to other brokers.
   *
   * @param onDeath told the id of the controller, perhaps more than once
   */
  public DeathWatch(HeartbeatChannel channel, Probe probe, IntConsumer onDeath) {
    this.channel = channel;
    this.probe = probe;
    this.onDeath = onDeath;
  }

  @Override
  public Stream open(BrokerImage controller, Receiver receiver) {
    Watched watched = new Watched(controller, receiver);
    return new Closing(channel.open(controller, watched), watched);
  }

  private void broke(BrokerImage controller) {
    var _ =
        probe
            .dial(controller.internalAddress())
            .thenAccept(answer -> {
              if (answer == Probe.Answer.REFUSED) {
                onDeath.accept(controller.id());
              }
            });
  }

  private final class Watched implements Receiver {
    private final BrokerImage controller;
    private final Receiver receiver;
    private volatile boolean closed;

    Watched(BrokerImage controller, Receiver receiver) {
      this.controller = controller;
      this.receiver = receiver;
    }

    @Override
    public void answered(HeartbeatAnswer answer) {
      receiver.answered(answer);
    }

    @Override
    public void ended(String why) {
      receiver.ended(why);
      if (!closed) {
        broke(controller);
      }
    }
  }

  private record Closing(Stream stream, Watched watched) implements Stream {
    @Override
    public void send(Heartbeat beat) {
      stream.send(beat);
    }

    @Override
    public void close() {
      watched.closed = true;
      stream.close();
    }
  }
}
