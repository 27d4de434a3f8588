package io.funes.server.api.fetch;

import io.funes.proto.v1.Credits;
import io.funes.proto.v1.Drain;
import io.funes.proto.v1.Heartbeat;
import io.funes.proto.v1.ReadPosition;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.server.api.fetch.ReplyMarshaller.Reply;
import io.funes.server.api.mapping.StatusMapping;
import io.funes.server.common.RefusedException;
import io.funes.server.common.Ticker;
import io.funes.server.log.LogSlice;
import io.funes.server.routing.Caller;
import io.funes.server.routing.ReadForward;
import io.funes.server.routing.RemoteFrame;
import io.funes.server.routing.RemoteReads;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One bound {@code Read} stream: pushes batches while the transport is ready and credits last. All
 * state is owned by one turn at a time on a reader thread; whatever may let the session go on
 * (transport, credits, high watermark, heartbeat) only wakes it.
 */
final class ReadSession implements Runnable {
  private static final int FRAME_BYTES_DEFAULT = 256 << 10;
  private static final int FRAME_BYTES_MAX = 3_500_000;
  private static final int FRAMES_PER_TURN = 32;

  private final ServerCall<ReadRequest, Reply> call;
  private final Executor executor;
  private final Ticker ticker;
  private final long heartbeatNanos;
  private final ReadTargets targets;
  private final ReadRequest bind;
  private final Caller caller;
  private final ReadForward forward;
  private final SliceCodecs codecs;
  private final int frameBytes;
  private final boolean untilEnd;
  private final boolean limited;
  private final AtomicInteger wakes = new AtomicInteger();
  private final Runnable watcher = this::wake;
  private final Object grants = new Object();
  private long grantedRecords;
  private long grantedBytes;
  private long recordCredits;
  private long byteCredits;
  private long sentNanos;
  private long lookedNanos;
  private int turn;

  /** Empty until the first turn. */
  private volatile List<Cursor> cursors = List.of();

  /** Not empty where other brokers lead, in place of the cursors then. */
  private RemoteReads remotes = RemoteReads.NONE;

  /** The headers are out. */
  private boolean open;

  private volatile boolean draining;
  private volatile RuntimeException failure;
  private volatile boolean ended;

  ReadSession(
      ServerCall<ReadRequest, Reply> call,
      ReadRequest bind,
      ReadStreams streams,
      Caller caller,
      ReadForward forward) {
    this.call = call;
    this.bind = bind;
    this.caller = caller;
    this.forward = forward;
    this.executor = streams.readers();
    this.ticker = streams.ticker();
    this.heartbeatNanos = TimeUnit.MILLISECONDS.toNanos(streams.heartbeatAfterMs());
    this.codecs = new SliceCodecs(bind.getAcceptedCodecsList());
    this.frameBytes = frameBytes(bind.getMaxFrameBytes());
    this.untilEnd = bind.getUntilEnd();
    this.limited = bind.hasCredits();
    this.targets = streams.targets();
    if (limited) {
      grant(bind.getCredits());
    }
    sentNanos = ticker.nanos();
    lookedNanos = sentNanos;
  }

  /**
   * In a turn, not in the constructor: a start by time may read the disk. The headers tell the
   * client that its places are fixed.
   */
  private void bind() {
    List<Cursor> bound = new ArrayList<>();
    try {
      targets.forEach(
          bind.getTopicsList(),
          bind.getAllowFollower(),
          target -> {
            long end = untilEnd ? target.partition().highWatermark() : Long.MAX_VALUE;
            target.partition().read(target.offset(), 1, target.offset()).close();
            bound.add(new Cursor(target.topic(), target.partition(), target.offset(), end));
          });
    } catch (RefusedException e) {
      remotes = forward.read(bind, caller, e, watcher);
      return;
    }
    open();
    cursors = bound;
    bound.forEach(cursor -> cursor.partition().watch(watcher));
    if (ended) {
      stop();
    }
  }

  private void open() {
    if (!open) {
      open = true;
      call.sendHeaders(new Metadata());
    }
  }

  private static int frameBytes(int asked) {
    if (asked < 0 || asked > FRAME_BYTES_MAX) {
      throw ReadTargets.invalid(
          "max_frame_bytes",
          "max_frame_bytes %d is out of range: use 0 to %d".formatted(asked, FRAME_BYTES_MAX));
    }
    return asked == 0 ? FRAME_BYTES_DEFAULT : asked;
  }

  /** Adds credits. */
  void grant(Credits credits) {
    if (credits.getRecords() < 0 || credits.getBytes() < 0) {
      throw ReadTargets.invalid("credits", "credits must not be negative");
    }
    synchronized (grants) {
      grantedRecords = saturated(grantedRecords, credits.getRecords());
      grantedBytes = saturated(grantedBytes, credits.getBytes());
    }
  }

  boolean limited() {
    return limited;
  }

  private static long saturated(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }

  /** Lets the session look again at what it can send. Any thread, never blocks. */
  void wake() {
    if (!ended && wakes.getAndIncrement() == 0) {
      executor.execute(this);
    }
  }

  /** Ends the stream with a drain frame at its next turn. */
  void drain() {
    draining = true;
    wake();
  }

  /** Ends the stream with an error at its next turn. */
  void fail(RuntimeException why) {
    failure = why;
    wake();
  }

  /** The call is over: no more turns. */
  void stop() {
    ended = true;
    cursors.forEach(cursor -> cursor.partition().unwatch(watcher));
  }

  @Override
  public void run() {
    int seen = wakes.get();
    boolean more = false;
    try {
      if (!ended && cursors.isEmpty() && remotes.isEmpty()) {
        bind();
      }
      more = !ended && turn();
    } catch (RuntimeException | Error e) {
      close(StatusMapping.exception(e));
    }
    if (wakes.addAndGet(-seen) != 0 || more) {
      if (more) {
        wakes.incrementAndGet();
      }
      executor.execute(this);
    }
  }

  /** Sends what it may; true when it stopped only to let others have the thread. */
  private boolean turn() {
    takeGrants();
    if (!remotes.isEmpty() && isHereByNow()) {
      draining = true;
    }
    if (!open && remotes.bound()) {
      open();
    }
    for (int frames = 0; open && call.isReady() && hasCredit() && !ending() && sendNext(); ) {
      if (++frames == FRAMES_PER_TURN) {
        return true;
      }
    }
    Optional<StatusRuntimeException> elsewhere = remotes.failure();
    if (failure != null) {
      close(StatusMapping.exception(failure));
    } else if (elsewhere.isPresent()) {
      close(elsewhere.get());
    } else if (draining || (!remotes.isEmpty() && remotes.drained())) {
      open();
      send(ReadResponse.newBuilder().setDrain(Drain.newBuilder().addAllPositions(positions())));
      close(Status.OK.asRuntimeException());
    } else if (untilEnd && cursors.stream().allMatch(Cursor::atEnd) && remotes.ended()) {
      close(Status.OK.asRuntimeException());
    } else if (open && ticker.nanos() - sentNanos >= heartbeatNanos) {
      send(
          ReadResponse.newBuilder()
              .setHeartbeat(Heartbeat.newBuilder().addAllPositions(positions())));
    }
    return false;
  }

  /** What was sent on while this broker was not in sync, it can read itself when it is. */
  private boolean isHereByNow() {
    long now = ticker.nanos();
    if (!bind.getAllowFollower() || now - lookedNanos < heartbeatNanos) {
      return false;
    }
    lookedNanos = now;
    return targets.areHere(bind.getTopicsList());
  }

  private boolean ending() {
    return draining || failure != null;
  }

  private void takeGrants() {
    synchronized (grants) {
      recordCredits = saturated(recordCredits, grantedRecords);
      byteCredits = saturated(byteCredits, grantedBytes);
      grantedRecords = 0;
      grantedBytes = 0;
    }
  }

  private boolean hasCredit() {
    return !limited || (recordCredits > 0 && byteCredits > 0);
  }

  /** Sends one frame of whichever has one, in turn; false where none has. */
  private boolean sendNext() {
    if (!remotes.isEmpty()) {
      return remotes.next().map(this::pass).isPresent();
    }
    for (int idle = 0; idle < cursors.size(); idle++) {
      Cursor cursor = cursors.get(turn);
      turn = (turn + 1) % cursors.size();
      if (sendNext(cursor)) {
        return true;
      }
    }
    return false;
  }

  /** Sends one frame of a partition; false where there is none. */
  private boolean sendNext(Cursor cursor) {
    if (cursor.atEnd()) {
      return false;
    }
    try (LogSlice slice = cursor.peek(frameBytes)) {
      if (slice.isEmpty()) {
        return false;
      }
      SentBatches sent = cursor.take(slice, codecs, 0);
      recordCredits -= sent.records();
      byteCredits -= sent.batches().length();
      call.sendMessage(new Reply.Slices(List.of(sent)));
      sentNanos = ticker.nanos();
      return true;
    }
  }

  /** Sends what a leader sent. */
  private RemoteFrame pass(RemoteFrame frame) {
    recordCredits -= frame.records();
    byteCredits -= frame.bytes();
    call.sendMessage(new Reply.Encoded(frame.message()));
    sentNanos = ticker.nanos();
    return frame;
  }

  private List<ReadPosition> positions() {
    return remotes.isEmpty()
        ? cursors.stream().map(Cursor::position).toList()
        : remotes.positions();
  }

  private void send(ReadResponse.Builder frame) {
    call.sendMessage(new Reply.Encoded(frame.build().toByteString()));
    sentNanos = ticker.nanos();
  }

  private void close(StatusRuntimeException why) {
    if (!ended) {
      stop();
      Metadata trailers = why.getTrailers();
      call.close(why.getStatus(), trailers == null ? new Metadata() : trailers);
    }
  }
}
