package io.funes.server.replication;

import io.funes.server.replication.ReplicaFrame.Push;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/**
 * Streams between simulated brokers: each keeps the order of its frames, all else is random. A cut
 * link loses what is under way and, after a while, breaks its streams.
 */
final class SimulatedNetwork {
  private static final int FRAMES_UNDER_WAY_MAX = 4;

  private final SimulatedTime time;
  private final Random random;
  private final Set<Long> cut = new HashSet<>();
  private final List<End> ends = new ArrayList<>();
  private int lateMicrosMax = 100_000;

  SimulatedNetwork(SimulatedTime time, Random random) {
    this.time = time;
    this.random = random;
  }

  /** From now on no frame takes longer than this. */
  void neverLaterThan(int microsMax) {
    lateMicrosMax = microsMax;
  }

  void cut(int a, int b) {
    cut.add(link(a, b));
    // Keepalives find out.
    time.in(
        TimeUnit.MILLISECONDS.toNanos(100 + random.nextInt(2_000)),
        () -> {
          if (isCut(a, b)) {
            breakWhere(end -> link(end.owner.id(), end.other.owner.id()) == link(a, b));
          }
        });
  }

  /** The other ends of a dead process' streams are told by its machine. */
  void died(SimulatedBroker broker) {
    breakWhere(end -> end.owner == broker || end.other.owner == broker);
  }

  private void breakWhere(Predicate<End> which) {
    ends.stream().filter(which).toList().forEach(End::breakSoon);
    ends.removeIf(end -> end.broken);
  }

  void heal() {
    cut.clear();
  }

  private boolean isCut(int a, int b) {
    return cut.contains(link(a, b));
  }

  private static long link(int a, int b) {
    return 100L * Math.min(a, b) + Math.max(a, b);
  }

  ReplicaChannel connect(
      SimulatedBroker from, SimulatedBroker to, ReplicaChannel.Receiver receiver) {
    End here = new End(from);
    End there = new End(to);
    here.other = there;
    there.other = here;
    here.receiver = receiver;
    ends.add(here);
    ends.add(there);
    time.soon(
        2_000,
        () -> {
          if (!to.isRunning() || isCut(from.id(), to.id())) {
            here.breakSoon();
          } else {
            there.receiver = to.accept(from.id(), from.brokerEpoch(), there);
            there.flush();
            here.flush();
          }
        });
    return here;
  }

  private final class End implements ReplicaChannel {
    private final SimulatedBroker owner;
    private final long life;
    private End other;
    private Receiver receiver;
    private final ArrayDeque<ReplicaFrame> sent = new ArrayDeque<>();
    private boolean delivering;
    private boolean broken;
    private boolean silenced;

    End(SimulatedBroker owner) {
      this.owner = owner;
      this.life = owner.life();
    }

    @Override
    public boolean isReady() {
      return !broken && sent.size() < FRAMES_UNDER_WAY_MAX;
    }

    @Override
    public void send(ReplicaFrame frame) {
      if (!broken) {
        sent.add(copy(frame));
        flush();
      }
    }

    /** The sender uses the buffer of a push again. */
    private static ReplicaFrame copy(ReplicaFrame frame) {
      if (!(frame instanceof Push push)) {
        return frame;
      }
      ByteBuffer entries = ByteBuffer.allocate(push.entries().remaining()).put(push.entries());
      return new Push(push.partition(), push.leaderEpoch(), push.highWatermark(), entries.flip());
    }

    /** Delivers the oldest frame after a while, if the other end stands. */
    private void flush() {
      if (!delivering && !sent.isEmpty() && other.receiver != null) {
        delivering = true;
        time.soon(random.nextInt(50) == 0 ? lateMicrosMax : 500, this::deliver);
      }
    }

    private void deliver() {
      delivering = false;
      if (broken || sent.isEmpty()) {
        return;
      }
      if (!owner.isAlive(life)
          || !other.owner.isAlive(other.life)
          || isCut(owner.id(), other.owner.id())) {
        breakSoon();
        other.breakSoon();
        return;
      }
      if (other.owner.isPaused()) {
        delivering = true;
        time.soon(20_000, this::deliver);
        return;
      }
      ReplicaFrame frame = sent.poll();
      if (!other.silenced) {
        other.receiver.received(frame);
      }
      if (!owner.isPaused() && sent.size() == FRAMES_UNDER_WAY_MAX - 1 && receiver != null) {
        receiver.ready();
      }
      flush();
    }

    private void breakSoon() {
      if (!broken) {
        broken = true;
        sent.clear();
        time.in(
            TimeUnit.MILLISECONDS.toNanos(1 + random.nextInt(300)),
            () -> {
              if (receiver != null && !silenced && owner.isAlive(life)) {
                receiver.closed();
              }
            });
      }
    }

    @Override
    public void close() {
      silenced = true;
      breakSoon();
      other.breakSoon();
    }
  }
}
