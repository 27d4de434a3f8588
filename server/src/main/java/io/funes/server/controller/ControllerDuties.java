package io.funes.server.controller;

import io.funes.server.controller.Decision.ChangeBroker;
import io.funes.server.controller.Decision.Dial;
import io.funes.server.controller.Decision.Elect;
import io.funes.server.controller.Decision.Raise;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.RaiseVersion;
import io.funes.server.metadata.MetadataCommand.ShutDownBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataVersion;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * What a controller has to do, decided from what it hears. Nothing here is done: decisions go out,
 * and what came of them comes in. A decision follows from the image and the sessions alone, so one
 * that failed is simply taken again at the next tick. One thread at a time, and images must not go
 * back.
 */
final class ControllerDuties {
  private final long sessionNanos;
  private final long tickNanos;
  private final long shutdownNanosMax;
  private final PreferredElections elections;
  private final Map<Integer, Session> sessions = new HashMap<>();
  private final Set<Integer> changing = new HashSet<>();
  private OptionalLong term = OptionalLong.empty();
  private long tickedNanos;
  private boolean raising;

  ControllerDuties(ControllerSettings settings) {
    sessionNanos = TimeUnit.MILLISECONDS.toNanos(settings.sessionMs());
    tickNanos = TimeUnit.MILLISECONDS.toNanos(settings.tickMs());
    shutdownNanosMax = TimeUnit.MILLISECONDS.toNanos(settings.shutdownMsMax());
    elections = new PreferredElections(settings);
  }

  /**
   * Every broker has a whole session before it, whatever the controller before this one heard; that
   * one itself has fallen silent already, and has the rest of its session. None has a stream yet,
   * which is as if it had broken: who is dead refuses the dial.
   */
  List<Decision> leading(
      long newTerm, Optional<LastAnswer> former, MetadataImage image, long nowNanos) {
    notLeading();
    term = OptionalLong.of(newTerm);
    tickedNanos = nowNanos;
    elections.begin(nowNanos);
    List<Decision> decisions = new ArrayList<>();
    for (BrokerImage broker : image.brokers()) {
      Session session = session(broker);
      session.broke();
      former
          .filter(answer -> answer.controllerId() == broker.id())
          .ifPresent(answer -> session.passed(silence(answer, nowNanos)));
      decide(broker, session, nowNanos, decisions);
    }
    return decisions;
  }

  /** Half a session at most: it may have been this broker that was paused. */
  private long silence(LastAnswer answer, long nowNanos) {
    return Math.min(nowNanos - answer.nanos(), sessionNanos / 2);
  }

  void notLeading() {
    term = OptionalLong.empty();
    sessions.clear();
    changing.clear();
    raising = false;
  }

  List<Decision> heard(Heartbeat beat, MetadataImage image, long nowNanos) {
    List<Decision> decisions = new ArrayList<>();
    known(beat.from(), image)
        .ifPresent(broker -> {
          Session session = session(broker);
          session.heard(beat, nowNanos);
          decide(broker, session, nowNanos, decisions);
        });
    return decisions;
  }

  /** Empty where this broker is not the controller. */
  Optional<HeartbeatAnswer> answer(Heartbeat beat, MetadataImage image, long nowNanos) {
    if (term.isEmpty()) {
      return Optional.empty();
    }
    Optional<BrokerImage> known = known(beat.from(), image);
    boolean fenced = known.map(BrokerImage::fenced).orElse(true);
    boolean mayStop =
        beat.wantsShutdown() && known.map(broker -> mayStop(broker, image, nowNanos)).orElse(true);
    return Optional.of(new HeartbeatAnswer(term.getAsLong(), image.revision(), fenced, mayStop));
  }

  /** The broker's stream ended. */
  List<Decision> broken(BrokerLife life, MetadataImage image, long nowNanos) {
    List<Decision> decisions = new ArrayList<>();
    known(life, image)
        .ifPresent(broker -> {
          Session session = session(broker);
          session.broke();
          decide(broker, session, nowNanos, decisions);
        });
    return decisions;
  }

  List<Decision> dialled(Dial dial, Probe.Answer answer, MetadataImage image, long nowNanos) {
    List<Decision> decisions = new ArrayList<>();
    if (leads(dial)) {
      known(dial.broker(), image)
          .ifPresent(broker -> {
            Session session = session(broker);
            session.dialled(dial.breaks(), answer);
            if (session.refused()) {
              decide(broker, session, nowNanos, decisions);
            }
          });
    }
    return decisions;
  }

  void answered(ChangeBroker change) {
    if (leads(change)) {
      changing.remove(change.brokerId());
    }
  }

  void answered(Elect elect, boolean applied) {
    if (leads(elect)) {
      elections.answered(elect.command(), applied);
    }
  }

  void answered(Raise raise) {
    if (leads(raise)) {
      raising = false;
    }
  }

  List<Decision> tick(MetadataImage image, long nowNanos) {
    List<Decision> decisions = new ArrayList<>();
    if (term.isEmpty()) {
      return decisions;
    }
    // A controller that was paused has not read what came meanwhile: a pause is no silence.
    long awakeNanos = Math.min(nowNanos - tickedNanos, 2 * tickNanos);
    tickedNanos = nowNanos;
    sessions.keySet().removeIf(id -> image.broker(id).isEmpty());
    for (BrokerImage broker : image.brokers()) {
      Session session = session(broker);
      session.passed(awakeNanos);
      decide(broker, session, nowNanos, decisions);
    }
    elections
        .next(image, nowNanos)
        .ifPresent(command -> decisions.add(new Elect(term.getAsLong(), command)));
    raise(image).ifPresent(decisions::add);
    return decisions;
  }

  /** One that was not heard may run an older release, and come back with it. */
  private Optional<Decision> raise(MetadataImage image) {
    int known = image.brokers().size() == 0 ? 0 : MetadataVersion.NEWEST;
    for (BrokerImage broker : image.brokers()) {
      known = Math.min(known, session(broker).metadataVersion());
    }
    if (raising || known <= image.version()) {
      return Optional.empty();
    }
    raising = true;
    return Optional.of(new Raise(term.getAsLong(), new RaiseVersion(known)));
  }

  private void decide(
      BrokerImage broker, Session session, long nowNanos, List<Decision> decisions) {
    int id = broker.id();
    if (!changing.contains(id)) {
      change(broker, session)
          .ifPresent(change -> {
            changing.add(id);
            elections.unrest(nowNanos);
            decisions.add(change);
          });
    }
    if (!broker.fenced() && !broker.internalAddress().isEmpty() && session.toBeDialled()) {
      BrokerLife life = new BrokerLife(id, broker.epoch());
      decisions.add(new Dial(term.getAsLong(), life, session.dial(), broker.internalAddress()));
    }
  }

  private Optional<ChangeBroker> change(BrokerImage broker, Session session) {
    int id = broker.id();
    long epoch = broker.epoch();
    long now = term.getAsLong();
    if (broker.fenced()) {
      return session.caughtUp(sessionNanos) && !session.wantsShutdown()
          ? Optional.of(
              new ChangeBroker(now, id, new UnfenceBroker(id, epoch), "unfenced: it is up to date"))
          : Optional.empty();
    }
    if (session.refused()) {
      String why = "fenced: its connection broke, and its address refuses another";
      return Optional.of(new ChangeBroker(now, id, new FenceBroker(id, epoch), why));
    }
    if (session.timedOut(sessionNanos)) {
      String why =
          "fenced: it was silent for %d ms".formatted(TimeUnit.NANOSECONDS.toMillis(sessionNanos));
      return Optional.of(new ChangeBroker(now, id, new FenceBroker(id, epoch), why));
    }
    return session.wantsShutdown() && !broker.shuttingDown()
        ? Optional.of(
            new ChangeBroker(now, id, new ShutDownBroker(id, epoch), "hands over: it shuts down"))
        : Optional.empty();
  }

  private boolean mayStop(BrokerImage broker, MetadataImage image, long nowNanos) {
    Session session = session(broker);
    if (session.wantedShutdownFor(shutdownNanosMax, nowNanos)) {
      return true;
    }
    if (broker.active() || !Handover.done(image, broker.id())) {
      session.leadsStill();
      return false;
    }
    return othersHaveApplied(session.handedOverAt(image.revision()), broker.id(), image);
  }

  /** Until then they may send producers to the broker that stops. */
  private boolean othersHaveApplied(long revision, int brokerId, MetadataImage image) {
    for (BrokerImage other : image.brokers()) {
      if (other.id() != brokerId && !other.fenced() && !session(other).hasApplied(revision)) {
        return false;
      }
    }
    return true;
  }

  /** What a life says that is over, or that this broker is not asked about, does not count. */
  private Optional<BrokerImage> known(BrokerLife life, MetadataImage image) {
    return term.isEmpty()
        ? Optional.empty()
        : image.broker(life.brokerId()).filter(broker -> broker.epoch() == life.epoch());
  }

  private Session session(BrokerImage broker) {
    Session session =
        sessions.compute(
            broker.id(),
            (id, before) ->
                before != null && before.epoch() == broker.epoch()
                    ? before
                    : new Session(broker.epoch(), broker.fenced()));
    session.is(broker.fenced());
    return session;
  }

  private boolean leads(Decision decision) {
    return term.isPresent() && term.getAsLong() == decision.term();
  }
}
