package io.funes.server.api.fetch;

import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.TopicStart;
import io.funes.server.api.fetch.ReplyMarshaller.Reply;
import io.funes.server.api.mapping.StatusMapping;
import io.funes.server.common.Deadline;
import io.funes.server.common.RefusedException;
import io.funes.server.common.Scheduler;
import io.funes.server.log.LogSlice;
import io.funes.server.routing.ReadLimits;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One {@code Fetch}: finds its partitions, looks, and waits for the high watermark or its deadline
 * when there is too little. Turns as in a session.
 */
final class LongPoll implements Runnable {
  private static final int BYTES_MAX = 3_500_000;
  private static final int WAIT_MS_MAX = 300_000;

  private final ServerCall<FetchRequest, Reply> call;
  private final ReadStreams streams;
  private final SliceCodecs codecs;
  private final List<TopicStart> topics;
  private final boolean allowFollower;
  private final int bytesMax;
  private final int bytesMin;
  private final Deadline deadline;
  private final AtomicInteger wakes = new AtomicInteger();
  private final Runnable watcher = this::wake;
  private final Scheduler scheduler;
  private final ForwardedFetch forwarded;

  /** Empty until the first turn. */
  private volatile List<Cursor> cursors = List.of();

  private volatile Scheduler.Cancellable timer = () -> {};

  private volatile boolean ended;

  LongPoll(
      ServerCall<FetchRequest, Reply> call,
      FetchRequest request,
      ReadStreams streams,
      Scheduler scheduler,
      Deadline callersDeadline,
      ForwardedFetch forwarded) {
    this.call = call;
    this.forwarded = forwarded;
    this.streams = streams;
    this.codecs = new SliceCodecs(request.getAcceptedCodecsList());
    this.bytesMax =
        inRange("max_bytes", request.getMaxBytes(), BYTES_MAX, ReadLimits.BYTES_DEFAULT);
    this.bytesMin = inRange("min_bytes", request.getMinBytes(), BYTES_MAX, 1);
    int waitMs = inRange("max_wait_ms", request.getMaxWaitMs(), WAIT_MS_MAX, 0);
    long now = streams.ticker().nanos();
    this.deadline =
        new Deadline(now + TimeUnit.MILLISECONDS.toNanos(waitMs))
            .earlier(early(callersDeadline, now));
    this.topics = request.getTopicsList();
    this.allowFollower = request.getAllowFollower();
    this.scheduler = scheduler;
  }

  /** An answer takes time to travel: a tenth of what is left, at most 50 ms, is kept for it. */
  private static Deadline early(Deadline callers, long now) {
    long left = callers.remainingNanos(now);
    return new Deadline(callers.atNanos() - Math.min(left / 10, TimeUnit.MILLISECONDS.toNanos(50)));
  }

  private static int inRange(String field, int value, int max, int ifZero) {
    if (value < 0 || value > max) {
      throw ReadTargets.invalid(
          field, "%s %d is out of range: use 0 to %d".formatted(field, value, max));
    }
    return value == 0 ? ifZero : value;
  }

  /** Lets it look, or look again. Any thread, never blocks. */
  void wake() {
    if (!ended && wakes.getAndIncrement() == 0) {
      streams.readers().execute(this);
    }
  }

  void stop() {
    ended = true;
    timer.cancel();
    streams.remove(this);
    cursors.forEach(cursor -> cursor.partition().unwatch(watcher));
  }

  @Override
  public void run() {
    int seen = wakes.get();
    try {
      if (!ended && cursors.isEmpty()) {
        bind();
      }
      if (!ended) {
        look();
      }
    } catch (RuntimeException | Error e) {
      StatusRuntimeException why = StatusMapping.exception(e);
      stop();
      call.close(why.getStatus(), why.getTrailers());
    }
    if (wakes.addAndGet(-seen) != 0) {
      streams.readers().execute(this);
    }
  }

  /** In a turn, not in the constructor: a start by time may read the disk. */
  private void bind() {
    List<Cursor> bound = new ArrayList<>();
    try {
      streams
          .targets()
          .forEach(
              topics,
              allowFollower,
              target -> {
                Cursor cursor =
                    new Cursor(target.topic(), target.partition(), target.offset(), Long.MAX_VALUE);
                if (allowFollower) {
                  // A place that a follower does not have is its leader's business, from now on.
                  cursor.none().close();
                }
                bound.add(cursor);
              });
    } catch (RefusedException e) {
      forwarded.start(e);
      ended = true;
      return;
    }
    cursors = bound;
    bound.forEach(cursor -> cursor.partition().watch(watcher));
    streams.add(this);
    long waitNanos = deadline.remainingNanos(streams.ticker().nanos());
    if (waitNanos > 0) {
      timer = scheduler.schedule(watcher, waitNanos);
    }
    if (ended) {
      stop();
    }
  }

  private void look() {
    List<LogSlice> slices = new ArrayList<>(cursors.size());
    try {
      if (peek(slices) >= bytesMin || waitIsOver()) {
        answer(slices);
      }
    } finally {
      slices.forEach(LogSlice::close);
    }
  }

  private boolean waitIsOver() {
    return streams.draining() || deadline.passedAt(streams.ticker().nanos());
  }

  /** Adds a slice of each partition and answers their bytes. */
  private int peek(List<LogSlice> slices) {
    int found = 0;
    for (Cursor cursor : cursors) {
      int left = bytesMax - found;
      // Once the budget is spent a partition is still named, with an empty slice.
      LogSlice slice = left > 0 ? cursor.peek(left) : cursor.none();
      if (found > 0 && slice.length() > left) {
        slice.close();
        slice = cursor.none();
      }
      found += slice.length();
      slices.add(slice);
    }
    return found;
  }

  private void answer(List<LogSlice> slices) {
    stop();
    List<SentBatches> partitions = new ArrayList<>(cursors.size());
    int sent = 0;
    for (int i = 0; i < cursors.size(); i++) {
      // Decompressed batches may be many times larger: one such partition fills the reply.
      boolean room = sent == 0 || sent + slices.get(i).length() <= bytesMax;
      LogSlice slice = room ? slices.get(i) : cursors.get(i).none();
      SentBatches batches = cursors.get(i).take(slice, codecs, sent);
      sent += batches.batches().length();
      partitions.add(batches);
    }
    call.sendHeaders(new Metadata());
    call.sendMessage(new Reply.Slices(partitions));
    call.close(Status.OK, new Metadata());
  }
}
