package io.funes.server.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.controller.Probe.Answer;
import io.funes.server.controller.Scene.LogState;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Who is fenced, when, and who takes part again. */
class LivenessTest {
  @Test
  void brokerTakesPartWhenItHasAppliedItsOwnRegistration() {
    Scene scene = Scene.of(1);
    scene.start(2);
    scene.lagAt(2, scene.broker(2).epoch() - 1);
    scene.run(1_000);
    assertThat(scene.fenced(2)).isTrue();
    assertThat(scene.answer(2))
        .isEqualTo(new HeartbeatAnswer(1, scene.image.revision(), true, false));

    scene.catchUp(2);
    scene.beat(2);

    assertThat(scene.fenced(2)).isFalse();
    scene.beat(2);
    assertThat(scene.answer(2))
        .isEqualTo(new HeartbeatAnswer(1, scene.image.revision(), false, false));
  }

  @Test
  void registeredBrokerThatSaysNothingStaysFenced() {
    Scene scene = Scene.of(1);

    scene.register(2);
    scene.run(10_000);

    assertThat(scene.fenced(2)).isTrue();
    assertThat(scene.submitted).isEmpty();
  }

  @Test
  void silentBrokerIsFencedWhenItsSessionTimesOutAndTakesPartAgainWhenItIsHeard() {
    Scene scene = Scene.of(1, 2);
    scene.silence(2);

    scene.run(Scene.SESSION_MS - 100);
    assertThat(scene.fenced(2)).isFalse();
    scene.run(200);
    assertThat(scene.fenced(2)).isTrue();
    assertThat(scene.fenced(1)).isFalse();

    scene.beat(2);
    assertThat(scene.fenced(2)).isFalse();
  }

  /** It unfences itself when it serves, which may be long after it has registered. */
  @Test
  void brokerThatBeginsToTakePartHasAWholeSessionBeforeIt() {
    Scene scene = Scene.of(1);
    scene.register(2);
    scene.run(10_000);

    scene.apply(new UnfenceBroker(2, scene.broker(2).epoch()));

    scene.run(Scene.SESSION_MS - 200);
    assertThat(scene.fenced(2)).isFalse();
    scene.run(400);
    assertThat(scene.fenced(2)).isTrue();
  }

  @Test
  void brokenConnectionAndARefusedDialFenceAtOnce() {
    Scene scene = Scene.of(1, 2);
    scene.dialled = Optional.of(Answer.REFUSED);

    scene.kill(2);

    assertThat(scene.fenced(2)).isTrue();
    scene.run(10_000);
    assertThat(scene.submitted).containsExactly(new FenceBroker(2, scene.broker(2).epoch()));
    assertThat(scene.dials).hasSize(1);
  }

  @Test
  void brokenConnectionAloneWaitsForTheTimeout() {
    for (Answer answer : new Answer[] {Answer.REACHED, Answer.UNKNOWN}) {
      Scene scene = Scene.of(1, 2);
      scene.dialled = Optional.of(answer);
      scene.kill(2);

      scene.run(Scene.SESSION_MS - 400);
      assertThat(scene.fenced(2)).as("dial: %s", answer).isFalse();
      scene.run(400);
      assertThat(scene.fenced(2)).as("dial: %s", answer).isTrue();
    }
  }

  @Test
  void dyingBrokerThatIsStillReachedIsDialledUntilItIsGone() {
    Scene scene = Scene.of(1, 2);
    scene.dialled = Optional.of(Answer.REACHED);
    scene.kill(2);
    scene.run(200);
    assertThat(scene.fenced(2)).isFalse();

    scene.dialled = Optional.of(Answer.REFUSED);
    scene.run(100);

    assertThat(scene.fenced(2)).isTrue();
  }

  @Test
  void brokerThatCameBackIsNotFencedByTheDialAboutItsFormerConnection() {
    Scene scene = Scene.of(1, 2);
    scene.controller.broken(new BrokerLife(2, scene.broker(2).epoch()));
    scene.beat(2);

    scene.time.runReady();
    scene.dials.getFirst().complete(Answer.REFUSED);
    scene.run(1_000);

    assertThat(scene.fenced(2)).isFalse();
    assertThat(scene.submitted).isEmpty();
  }

  @Test
  void dialAboutAnEarlierBreakSaysNothingOfTheNextOne() {
    Scene scene = Scene.of(1, 2);
    scene.kill(2);
    scene.beat(2);
    scene.controller.broken(new BrokerLife(2, scene.broker(2).epoch()));

    scene.dials.getFirst().complete(Answer.REFUSED);
    scene.time.runReady();

    assertThat(scene.fenced(2)).isFalse();
    scene.run(100);
    assertThat(scene.dials).as("dialled for the second break").hasSize(2);
  }

  @Test
  void anotherIncarnationWithinTheSessionTakesPartAndTheFormerOneSaysNothing() {
    Scene scene = Scene.of(1, 2);
    scene.dialled = Optional.of(Answer.REFUSED);
    BrokerLife former = new BrokerLife(2, scene.broker(2).epoch());

    scene.start(2);
    scene.controller.broken(former);
    assertThat(scene.beat(former))
        .contains(new HeartbeatAnswer(1, scene.image.revision(), true, false));
    scene.time.runReady();
    assertThat(scene.fenced(2)).isTrue();
    scene.beat(2);

    assertThat(scene.fenced(2)).isFalse();
    assertThat(scene.dials).isEmpty();
    assertThat(scene.submitted).containsExactly(new UnfenceBroker(2, scene.broker(2).epoch()));
  }

  @Test
  void newControllerGivesEveryBrokerAWholeSession() {
    Scene scene = Scene.of(1, 2, 3);
    scene.silence(2);
    scene.run(Scene.SESSION_MS - 200);

    scene.succeed(3, 100);
    scene.run(Scene.SESSION_MS - 100);
    assertThat(scene.fenced(2)).isFalse();
    scene.run(200);

    assertThat(scene.fenced(2)).isTrue();
    assertThat(scene.fenced(3)).isFalse();
  }

  @Test
  void formerControllerHasTheRestOfItsSession() {
    Scene scene = Scene.of(1, 2);
    scene.silence(2);

    scene.succeed(2, 700);
    scene.run(Scene.SESSION_MS - 700 - 100);
    assertThat(scene.fenced(2)).isFalse();
    scene.run(200);

    assertThat(scene.fenced(2)).isTrue();
  }

  /** Perhaps it was the new controller that was paused. */
  @Test
  void formerControllerHasHalfASessionAtLeast() {
    Scene scene = Scene.of(1, 2);
    scene.silence(2);

    scene.succeed(2, 60_000);
    scene.run(Scene.SESSION_MS / 2 - 100);
    assertThat(scene.fenced(2)).isFalse();
    scene.run(200);

    assertThat(scene.fenced(2)).isTrue();
  }

  @Test
  void formerControllerThatIsHeardGoesOn() {
    Scene scene = Scene.of(1, 2);

    scene.succeed(2, 60_000);
    scene.run(10_000);

    assertThat(scene.submitted).isEmpty();
  }

  @Test
  void newControllerFencesAtOnceWhoRefusesADial() {
    Scene scene = Scene.of(1, 2, 3);
    scene.die(2);

    scene.succeed(3, 100);

    assertThat(scene.fenced(2)).isTrue();
    assertThat(scene.fenced(1)).isFalse();
    assertThat(scene.fenced(3)).isFalse();
  }

  @Test
  void newControllerDialsThoseThatItHasNotHeard() {
    Scene scene = Scene.of(1, 2, 3);
    scene.dialled = Optional.of(Answer.REACHED);
    scene.silence(2);
    scene.silence(3);
    scene.succeed(1, 100);
    scene.beat(3);
    scene.dials.clear();

    scene.die(2);
    scene.gone.add(scene.broker(3).internalAddress());
    scene.run(100);

    assertThat(scene.fenced(2)).isTrue();
    assertThat(scene.fenced(3)).as("its stream stands").isFalse();
  }

  @Test
  void brokerThatIsHeardBeforeItsDialEndsIsNotFencedByIt() {
    Scene scene = Scene.of(1, 2);
    scene.succeed(1, 100);
    scene.beat(2);

    scene.dials.forEach(dial -> dial.complete(Answer.REFUSED));
    scene.time.runReady();

    assertThat(scene.dials).isNotEmpty();
    assertThat(scene.fenced(2)).isFalse();
  }

  @Test
  void pauseOfTheControllerIsNoSilenceOfTheBrokers() {
    Scene scene = Scene.of(1, 2);
    scene.silence(2); // What it sends meanwhile waits in a socket.

    scene.time.advanceMs(60_000);
    scene.run(1_000);

    assertThat(scene.fenced(2)).isFalse();
  }

  @Test
  void whatTheControllerDoesCarriesItsTerm() {
    Scene scene = Scene.of(1, 2);
    scene.controller.following();
    scene.controller.leading(7, Optional.empty());
    scene.silence(2);

    scene.run(2 * Scene.SESSION_MS);

    assertThat(scene.submitted).hasSize(1);
    assertThat(scene.terms).containsExactly(7L);
    scene.beat(1);
    assertThat(scene.answer(1).term()).isEqualTo(7);
  }

  @Test
  void whoIsNotTheControllerDoesNothingAndAnswersNobody() {
    Scene scene = Scene.of(1, 2);
    BrokerLife one = new BrokerLife(1, scene.broker(1).epoch());

    scene.controller.following();
    scene.dialled = Optional.of(Answer.REFUSED);
    scene.kill(2);
    scene.run(10_000);

    assertThat(scene.beat(one)).isEmpty();
    assertThat(scene.submitted).isEmpty();
    assertThat(scene.dials).isEmpty();
  }

  @Test
  void commandThatTheLogDidNotTakeIsTriedAgainAtTheNextTick() {
    Scene scene = Scene.of(1, 2);
    scene.dialled = Optional.of(Answer.REFUSED);
    scene.log = LogState.FAILING;
    scene.kill(2);
    scene.run(300);
    assertThat(scene.submitted).as("one per tick").hasSizeBetween(3, 4);

    scene.log = LogState.UP;
    scene.run(100);

    assertThat(scene.fenced(2)).isTrue();
  }

  @Test
  void whileACommandIsUnderWayNothingElseIsAskedForItsBroker() {
    Scene scene = Scene.of(1, 2, 3);
    scene.log = LogState.SILENT;
    scene.silence(2);
    scene.run(2 * Scene.SESSION_MS);
    scene.beat(2);
    scene.silence(2);
    scene.run(2 * Scene.SESSION_MS);
    assertThat(scene.submitted).hasSize(1);

    scene.silence(3);
    scene.run(2 * Scene.SESSION_MS);

    assertThat(scene.submitted).as("another broker does not wait").hasSize(2);
  }

  @Test
  void commandOfAnEarlierTermDoesNotHoldUpTheNextOne() {
    Scene scene = Scene.of(1, 2);
    scene.log = LogState.SILENT;
    scene.silence(2);
    scene.run(2 * Scene.SESSION_MS);

    scene.controller.following();
    scene.log = LogState.UP;
    scene.controller.leading(2, Optional.empty());
    scene.run(2 * Scene.SESSION_MS);

    assertThat(scene.fenced(2)).isTrue();
    assertThat(scene.terms).containsExactly(1L, 2L);
  }
}
