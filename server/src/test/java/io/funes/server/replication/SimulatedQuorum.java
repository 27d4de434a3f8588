package io.funes.server.replication;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.controller.BrokerLife;
import io.funes.server.controller.Controller;
import io.funes.server.controller.ControllerSettings;
import io.funes.server.controller.LastAnswer;
import io.funes.server.controller.Probe;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataDelta;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataListener;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The metadata quorum as one linearizable log in memory, with the real state machine. Each broker
 * learns of it late; what it submits, and the answers, may be lost. Who is fenced is decided by the
 * production's controller.
 */
final class SimulatedQuorum {
  /** Sessions as in production; leaders return to preferred ones more often. */
  private static final ControllerSettings SETTINGS =
      new ControllerSettings(100, 2_000, 100, 30_000, 3_000, 500);

  private static final long BEAT_NANOS = TimeUnit.MILLISECONDS.toNanos(SETTINGS.beatMs());
  private static final long TERM_NANOS = TimeUnit.SECONDS.toNanos(7);

  private final SimulatedTime time;
  private final Random random;
  private final List<Step> log = new ArrayList<>();
  private final Map<Integer, SimulatedBroker> brokers = new HashMap<>();
  private final Controller controller;
  private MetadataImage image = MetadataImage.EMPTY;
  private long term;
  private int lateMicrosMax = 600_000;

  SimulatedQuorum(SimulatedTime time, Random random) {
    this.time = time;
    this.random = random;
    controller =
        new Controller(
            SETTINGS,
            this::image,
            this::submit,
            this::dial,
            time.process(() -> true, () -> false),
            time);
    time.in(0, this::moveController);
    time.in(BEAT_NANOS, this::beat);
  }

  /** From now on no broker hears of a change later than this. */
  void neverLaterThan(int microsMax) {
    lateMicrosMax = microsMax;
  }

  MetadataImage image() {
    return image;
  }

  int size() {
    return log.size();
  }

  void add(SimulatedBroker broker) {
    brokers.put(broker.id(), broker);
  }

  Outcome apply(MetadataCommand command) {
    Step step = MetadataStateMachine.apply(image, command);
    image = step.image();
    log.add(step);
    brokers.values().forEach(SimulatedBroker::hearOfMetadata);
    return step.outcome();
  }

  private void beat() {
    time.in(BEAT_NANOS, this::beat);
    brokers.values().stream()
        .filter(SimulatedBroker::reachesQuorum)
        .forEach(
            broker -> broker.heartbeat().flatMap(controller::heard).ifPresent(broker::answered));
  }

  /** The broker's process ended, and its system said so. */
  void broken(BrokerLife life) {
    controller.broken(life);
  }

  /** Another member leads the quorum; what this one knew of sessions is forgotten. */
  private void moveController() {
    controller.following();
    controller.leading(++term, lastAnswer());
    time.in(TERM_NANOS, this::moveController);
  }

  /** Any broker may have been the controller, and silent for any time. */
  private Optional<LastAnswer> lastAnswer() {
    return brokers.keySet().stream()
        .skip(random.nextInt(brokers.size() + 1))
        .findFirst()
        .map(id -> new LastAnswer(id, time.nanos() - random.nextInt(3_000) * 1_000_000L));
  }

  private CompletableFuture<Outcome> submit(MetadataCommand command, long asked) {
    return asked == term && random.nextInt(20) != 0
        ? CompletableFuture.completedFuture(apply(command))
        : CompletableFuture.failedFuture(unknown());
  }

  private CompletableFuture<Probe.Answer> dial(String address) {
    boolean listens =
        brokers.values().stream()
            .anyMatch(broker -> broker.isRunning() && broker.internalAddress().equals(address));
    return CompletableFuture.completedFuture(listens ? Probe.Answer.REACHED : Probe.Answer.REFUSED);
  }

  private static Throwable unknown() {
    return Refusal.of(ErrorCode.BROKER_UNAVAILABLE, "no answer from the quorum").exception();
  }

  /** The log as one process of a broker sees it. */
  final class View implements MetadataLog {
    private final SimulatedBroker broker;
    private final long life;
    private final List<MetadataListener> listeners = new ArrayList<>();
    private final Map<Integer, Runnable> answers = new HashMap<>();
    private MetadataImage seen;
    private int applied;
    private boolean applying;

    /**
     * @param applied how much of the log the broker had applied in its earlier lives
     */
    View(SimulatedBroker broker, int applied) {
      this.broker = broker;
      this.life = broker.life();
      this.applied = applied;
      this.seen = applied == 0 ? MetadataImage.EMPTY : log.get(applied - 1).image();
    }

    int applied() {
      return applied;
    }

    /** Applies what is new, one by one, after a while each. */
    void hear() {
      if (!applying && applied < log.size()) {
        applying = true;
        int microsMax = random.nextInt(8) == 0 ? lateMicrosMax : 3_000;
        time.soon(microsMax, () -> broker.whenRunning(this::next));
      }
    }

    private void next() {
      if (!broker.isAlive(life)) {
        return;
      }
      applying = false;
      if (broker.reachesQuorum() && applied < log.size()) {
        Step step = log.get(applied++);
        seen = step.image();
        listeners.forEach(listener -> listener.changed(seen, step.delta()));
        Runnable answer = answers.remove(applied);
        if (answer != null) {
          answer.run();
        }
      }
      hear();
    }

    @Override
    public CompletableFuture<Outcome> submit(MetadataCommand command) {
      CompletableFuture<Outcome> answer = new CompletableFuture<>();
      time.soon(
          5_000,
          () -> {
            if (broker.reachesQuorum() && random.nextInt(30) != 0) {
              Outcome outcome = apply(command);
              if (random.nextInt(6) != 0) {
                answers.put(log.size(), () -> answer.complete(outcome));
                return;
              }
            }
            time.in(
                TimeUnit.MILLISECONDS.toNanos(500),
                () -> broker.whenRunning(() -> answer.completeExceptionally(unknown())));
          });
      return answer;
    }

    @Override
    public MetadataImage image() {
      return seen;
    }

    @Override
    public void subscribe(MetadataListener listener) {
      listener.changed(seen, MetadataDelta.between(MetadataImage.EMPTY, seen));
      listeners.add(listener);
    }
  }
}
