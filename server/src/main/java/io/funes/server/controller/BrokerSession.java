package io.funes.server.controller;

import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataVersion;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The broker's side of its session: says that it is alive to whoever is the controller now, and
 * knows what the controller makes of it.
 */
public final class BrokerSession implements AutoCloseable {
  /** What the broker is to the cluster. */
  public enum Standing {
    /** It may neither lead nor be in sync. */
    FENCED,
    /** It takes part. */
    SERVING,
    /**
     * No controller answered for the time of a session: it may have been fenced meanwhile. So it is
     * until it has applied the metadata that the first answer after that went by.
     */
    UNHEARD
  }

  private final BrokerLife self;
  private final Supplier<MetadataImage> image;
  private final Supplier<Optional<Integer>> leader;
  private final HeartbeatChannel channel;
  private final Consumer<Standing> listener;
  private final ControllerSettings settings;
  private final Scheduler scheduler;
  private final Ticker ticker;
  private final CompletableFuture<Void> mayStop = new CompletableFuture<>();
  private Optional<Connection> connection = Optional.empty();
  private Standing standing = Standing.FENCED;
  private OptionalLong revisionToApply = OptionalLong.empty();
  private long term = -1;
  private long answeredNanos;
  private Optional<LastAnswer> lastAnswer = Optional.empty();
  private boolean retrying;
  private boolean wantsShutdown;
  private boolean closed;

  /**
   * Of a broker that has registered, and is fenced.
   *
   * @param leader who leads the metadata log, as far as this broker knows
   * @param listener told of each change of the standing, in order; must be quick
   */
  public BrokerSession(
      BrokerLife self,
      Supplier<MetadataImage> image,
      Supplier<Optional<Integer>> leader,
      HeartbeatChannel channel,
      Consumer<Standing> listener,
      ControllerSettings settings,
      Scheduler scheduler,
      Ticker ticker) {
    this.self = self;
    this.image = image;
    this.leader = leader;
    this.channel = channel;
    this.listener = listener;
    this.settings = settings;
    this.scheduler = scheduler;
    this.ticker = ticker;
  }

  public synchronized void start() {
    answeredNanos = ticker.nanos();
    beatAgainAndAgain();
  }

  public synchronized Standing standing() {
    return standing;
  }

  /**
   * For a broker that becomes the controller: whom it follows, and since when that one is silent.
   */
  public synchronized Optional<LastAnswer> lastAnswer() {
    return lastAnswer;
  }

  /**
   * Asks for leave to stop. Done when others lead what this broker led, or no controller has
   * answered for the time of a session; the caller bounds its waiting.
   */
  public synchronized CompletableFuture<Void> shutDown() {
    wantsShutdown = true;
    scheduler.execute(this::beat);
    return mayStop.copy();
  }

  /** Falls silent: the controller will find this broker gone. */
  @Override
  public synchronized void close() {
    closed = true;
    disconnect();
  }

  private synchronized void beatAgainAndAgain() {
    if (closed) {
      return;
    }
    try {
      beat();
    } finally {
      long nextMs = waitsForController() ? soonMs() : settings.beatMs();
      scheduler.schedule(this::beatAgainAndAgain, TimeUnit.MILLISECONDS.toNanos(nextMs));
    }
  }

  private long soonMs() {
    return settings.beatMs() / 6;
  }

  /** Somebody waits for its next answer. */
  private boolean waitsForController() {
    return standing == Standing.FENCED || wantsShutdown;
  }

  private synchronized void beat() {
    if (closed) {
      return;
    }
    long sessionNanos = TimeUnit.MILLISECONDS.toNanos(settings.sessionMs());
    if (ticker.nanos() - answeredNanos >= sessionNanos) {
      unheard();
    }
    if (connection.isPresent() && connection.get().silentFor(sessionNanos)) {
      disconnect();
    }
    connect();
    connection.ifPresent(open ->
        open.stream.send(
            new Heartbeat(self, image.get().revision(), wantsShutdown, MetadataVersion.NEWEST)));
  }

  private void unheard() {
    if (standing == Standing.SERVING) {
      become(Standing.UNHEARD);
    }
    if (wantsShutdown) {
      mayStop.complete(null); // Of the last brokers to stop: nobody is left to give leave.
    }
  }

  /** Stays where it is until somebody else is known to lead. */
  private void connect() {
    Optional<BrokerImage> controller =
        leader.get().flatMap(id -> image.get().broker(id)).filter(this::reachable);
    if (controller.isEmpty()
        || connection.filter(open -> open.isTo(controller.get())).isPresent()) {
      return;
    }
    disconnect();
    Connection next = new Connection(controller.get());
    connection = Optional.of(next);
    next.stream = channel.open(controller.get(), next);
    if (!connection.equals(Optional.of(next))) {
      next.stream.close(); // It ended while it was opened.
    }
  }

  private boolean reachable(BrokerImage controller) {
    return controller.id() == self.brokerId() || !controller.internalAddress().isEmpty();
  }

  private void disconnect() {
    connection.ifPresent(open -> open.stream.close());
    connection = Optional.empty();
  }

  private void become(Standing next) {
    if (standing != next) {
      standing = next;
      revisionToApply = OptionalLong.empty();
      listener.accept(next);
    }
  }

  private synchronized void answered(Connection by, HeartbeatAnswer answer) {
    if (!connection.equals(Optional.of(by)) || answer.term() < term) {
      return;
    }
    term = answer.term();
    answeredNanos = ticker.nanos();
    by.heardNanos = answeredNanos;
    lastAnswer = Optional.of(new LastAnswer(by.controller.id(), answeredNanos));
    if (answer.fenced()) {
      become(Standing.FENCED);
    } else if (standing != Standing.UNHEARD || hasAppliedWhatItMissed(answer)) {
      become(Standing.SERVING);
    }
    if (answer.mayStop()) {
      mayStop.complete(null);
    }
  }

  private boolean hasAppliedWhatItMissed(HeartbeatAnswer answer) {
    if (revisionToApply.isEmpty()) {
      revisionToApply = OptionalLong.of(answer.revision());
    }
    return image.get().revision() >= revisionToApply.getAsLong();
  }

  private synchronized void ended(Connection by) {
    if (connection.equals(Optional.of(by))) {
      connection = Optional.empty();
      if (!retrying && !closed) {
        retrying = true;
        scheduler.schedule(this::retry, TimeUnit.MILLISECONDS.toNanos(soonMs()));
      }
    }
  }

  private synchronized void retry() {
    retrying = false;
    beat();
  }

  /** To one controller; soon after its end a beat opens another. */
  private final class Connection implements HeartbeatChannel.Receiver {
    private final BrokerImage controller;
    private HeartbeatChannel.Stream stream;
    private long heardNanos = ticker.nanos();

    Connection(BrokerImage controller) {
      this.controller = controller;
    }

    boolean isTo(BrokerImage other) {
      return controller.id() == other.id()
          && controller.internalAddress().equals(other.internalAddress());
    }

    boolean silentFor(long nanos) {
      return ticker.nanos() - heardNanos >= nanos;
    }

    @Override
    public void answered(HeartbeatAnswer answer) {
      BrokerSession.this.answered(this, answer);
    }

    @Override
    public void ended(String why) {
      BrokerSession.this.ended(this);
    }
  }
}
