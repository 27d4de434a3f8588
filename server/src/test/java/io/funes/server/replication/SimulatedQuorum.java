package io.funes.server.replication;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
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
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * The metadata quorum as one linearizable log in memory, with the real state machine. Each broker
 * learns of it late; what it submits, and the answers, may be lost. A broker that was not heard for
 * the time of a session is fenced.
 */
final class SimulatedQuorum {
  private static final long SESSION_NANOS = TimeUnit.SECONDS.toNanos(2);
  private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  private final SimulatedTime time;
  private final Random random;
  private final List<Step> log = new ArrayList<>();
  private final Map<Integer, Long> heardNanos = new HashMap<>();
  private final Map<Integer, SimulatedBroker> brokers = new HashMap<>();
  private MetadataImage image = MetadataImage.EMPTY;

  SimulatedQuorum(SimulatedTime time, Random random) {
    this.time = time;
    this.random = random;
    time.in(LOOK_NANOS, this::look);
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

  /** Fences those that are not heard, and unfences those that have caught up. */
  private void look() {
    time.in(LOOK_NANOS, this::look);
    for (BrokerImage registered : List.copyOf(brokersNow())) {
      SimulatedBroker broker = brokers.get(registered.id());
      if (broker.reachesQuorum()) {
        heardNanos.put(registered.id(), time.nanos());
      }
      long silence = time.nanos() - heardNanos.getOrDefault(registered.id(), 0L);
      if (!registered.fenced() && silence > SESSION_NANOS) {
        apply(new FenceBroker(registered.id(), registered.epoch()));
      } else if (registered.fenced() && silence == 0 && broker.serves(registered.epoch())) {
        apply(new UnfenceBroker(registered.id(), registered.epoch()));
      }
    }
  }

  private List<BrokerImage> brokersNow() {
    List<BrokerImage> all = new ArrayList<>();
    image.brokers().forEach(all::add);
    return all;
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
        time.soon(random.nextInt(8) == 0 ? 600_000 : 3_000, () -> broker.whenRunning(this::next));
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

    private static Throwable unknown() {
      return Refusal.of(ErrorCode.BROKER_UNAVAILABLE, "no answer from the quorum").exception();
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
