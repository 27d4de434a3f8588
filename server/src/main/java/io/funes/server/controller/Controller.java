package io.funes.server.controller;

import io.funes.server.common.Scheduler;
import io.funes.server.common.Ticker;
import io.funes.server.controller.Decision.ChangeBroker;
import io.funes.server.controller.Decision.Dial;
import io.funes.server.controller.Decision.Elect;
import io.funes.server.controller.Decision.Raise;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.Outcome;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The controller's part of a broker, which sleeps until the broker leads the metadata log. Any
 * thread may call; nothing waits. What is done carries the term, so that a controller that has been
 * deposed without knowing does no harm.
 */
public final class Controller implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Controller.class);

  private final ControllerDuties duties;
  private final long tickNanos;
  private final Supplier<MetadataImage> image;
  private final TermLog log;
  private final Probe probe;
  private final Scheduler scheduler;
  private final Ticker ticker;
  private Optional<Scheduler.Cancellable> ticks = Optional.empty();
  private boolean closed;

  /**
   * Sleeps at first.
   *
   * @param image the newest that this broker has applied, which never goes back
   */
  public Controller(
      ControllerSettings settings,
      Supplier<MetadataImage> image,
      TermLog log,
      Probe probe,
      Scheduler scheduler,
      Ticker ticker) {
    this.duties = new ControllerDuties(settings);
    this.tickNanos = TimeUnit.MILLISECONDS.toNanos(settings.tickMs());
    this.image = image;
    this.log = log;
    this.probe = probe;
    this.scheduler = scheduler;
    this.ticker = ticker;
  }

  /**
   * This broker leads the metadata log, and has all in its image that was committed before.
   *
   * @param former the last answer that this broker had from a controller
   */
  public void leading(long term, Optional<LastAnswer> former) {
    List<Decision> decisions;
    synchronized (this) {
      following();
      if (closed) {
        return;
      }
      decisions = duties.leading(term, former, image.get(), ticker.nanos());
      ticks = Optional.of(scheduler.every(tickNanos, this::tick));
    }
    LOG.info("This broker is the controller, in term {}", term);
    carryOut(decisions);
  }

  /** This broker leads no longer. */
  public synchronized void following() {
    ticks.ifPresent(Scheduler.Cancellable::cancel);
    ticks = Optional.empty();
    duties.notLeading();
  }

  /** Takes a heartbeat; empty where this broker is not the controller. */
  public Optional<HeartbeatAnswer> heard(Heartbeat beat) {
    List<Decision> decisions;
    Optional<HeartbeatAnswer> answer;
    synchronized (this) {
      MetadataImage now = image.get();
      decisions = duties.heard(beat, now, ticker.nanos());
      answer = duties.answer(beat, now, ticker.nanos());
    }
    carryOut(decisions);
    return answer;
  }

  /** A broker's stream ended, however. */
  public void broken(BrokerLife broker) {
    List<Decision> decisions;
    synchronized (this) {
      decisions = duties.broken(broker, image.get(), ticker.nanos());
    }
    carryOut(decisions);
  }

  /** Sleeps for good: to be closed before the scheduler is. */
  @Override
  public synchronized void close() {
    closed = true;
    following();
  }

  private void tick() {
    List<Decision> decisions;
    synchronized (this) {
      decisions = duties.tick(image.get(), ticker.nanos());
    }
    carryOut(decisions);
  }

  /** Away from the callers' threads, which read from sockets. */
  private void carryOut(List<Decision> decisions) {
    for (Decision decision : decisions) {
      scheduler.execute(() -> carryOut(decision));
    }
  }

  private void carryOut(Decision decision) {
    switch (decision) {
      case ChangeBroker change -> {
        LOG.info("Broker {} is {}", change.brokerId(), change.why());
        var _ =
            log.submit(change.command(), change.term())
                .whenComplete((outcome, error) -> changed(change, outcome, error));
      }
      case Elect elect -> {
        LOG.info(
            "{} partitions go back to their preferred leaders",
            elect.command().partitions().size());
        var _ =
            log.submit(elect.command(), elect.term())
                .whenComplete((outcome, error) -> elected(elect, outcome, error));
      }
      case Raise raise -> {
        LOG.info("All brokers know version {} of the metadata", raise.command().version());
        var _ =
            log.submit(raise.command(), raise.term())
                .whenComplete((outcome, error) -> raised(raise, outcome, error));
      }
      case Dial dial -> {
        var _ = probe.dial(dial.address()).thenAccept(answer -> dialled(dial, answer));
      }
    }
  }

  private void changed(ChangeBroker change, Outcome outcome, Throwable error) {
    report(outcome, error);
    synchronized (this) {
      duties.answered(change);
    }
  }

  private void elected(Elect elect, Outcome outcome, Throwable error) {
    report(outcome, error);
    synchronized (this) {
      duties.answered(elect, outcome instanceof Outcome.Applied);
    }
  }

  private void raised(Raise raise, Outcome outcome, Throwable error) {
    report(outcome, error);
    synchronized (this) {
      duties.answered(raise);
    }
  }

  private void dialled(Dial dial, Probe.Answer answer) {
    List<Decision> decisions;
    synchronized (this) {
      decisions = duties.dialled(dial, answer, image.get(), ticker.nanos());
    }
    carryOut(decisions);
  }

  private static void report(Outcome outcome, Throwable error) {
    if (error != null) {
      LOG.warn(
          "The metadata log did not take it, the next look decides again: {}", error.toString());
    } else if (outcome instanceof Outcome.Refused(var refusal)) {
      LOG.info("It was over before it was applied: {}", refusal.message());
    }
  }
}
