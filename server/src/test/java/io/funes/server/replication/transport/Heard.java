package io.funes.server.replication.transport;

import io.funes.server.replication.ReplicaChannel;
import io.funes.server.replication.ReplicaFrame;
import io.funes.server.replication.ReplicaFrame.Push;
import java.nio.ByteBuffer;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A receiver that remembers what it heard. */
final class Heard implements ReplicaChannel.Receiver {
  final LinkedBlockingQueue<ReplicaFrame> frames = new LinkedBlockingQueue<>();

  /** The threads that told of it. */
  final LinkedBlockingQueue<Thread> readies = new LinkedBlockingQueue<>();

  final LinkedBlockingQueue<Thread> ends = new LinkedBlockingQueue<>();
  private final CountDownLatch goOn;

  /** What the frames to come lead to. */
  volatile RuntimeException bug;

  Heard() {
    this(new CountDownLatch(0));
  }

  /** Does not return from a frame before the latch is down. */
  Heard(CountDownLatch goOn) {
    this.goOn = goOn;
  }

  /** The next frame, null where none comes. */
  ReplicaFrame next() throws InterruptedException {
    return frames.poll(20, TimeUnit.SECONDS);
  }

  /** Who tells of the end, null where it does not come. */
  Thread end() throws InterruptedException {
    return ends.poll(20, TimeUnit.SECONDS);
  }

  Thread nextReady() throws InterruptedException {
    return readies.poll(20, TimeUnit.SECONDS);
  }

  @Override
  public void received(ReplicaFrame frame) {
    frames.add(kept(frame));
    try {
      goOn.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (bug != null) {
      throw bug;
    }
  }

  /** The bytes of a push are there for the length of the call only. */
  private static ReplicaFrame kept(ReplicaFrame frame) {
    if (!(frame instanceof Push push)) {
      return frame;
    }
    ByteBuffer entries = ByteBuffer.allocate(push.entries().remaining()).put(push.entries());
    return new Push(push.partition(), push.leaderEpoch(), push.highWatermark(), entries.flip());
  }

  @Override
  public void ready() {
    readies.add(Thread.currentThread());
  }

  @Override
  public void closed() {
    ends.add(Thread.currentThread());
  }
}
