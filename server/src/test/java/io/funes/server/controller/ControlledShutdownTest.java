package io.funes.server.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.controller.Scene.LogState;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.ShutDownBroker;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ControlledShutdownTest {
  @Test
  void leadersMoveFirstAndTheBrokerMayStopWhenTheOthersKnow() {
    Scene scene = Scene.of(1, 2);
    scene.topic("orders", 4, 2);
    long before = scene.image.revision();
    scene.lagAt(2, before);
    scene.wantShutdown(1);

    scene.beat(1);
    assertThat(scene.submitted).containsExactly(new ShutDownBroker(1, scene.broker(1).epoch()));
    assertThat(scene.ledBy(1)).isZero();
    scene.run(1_000);
    assertThat(scene.mayStop(1)).as("broker 2 does not know that it leads").isFalse();

    scene.catchUp(2);
    scene.run(600);

    assertThat(scene.mayStop(1)).isTrue();
    assertThat(scene.fenced(1)).isFalse();
  }

  @Test
  void brokerWaitsForAFollowerThatIsNotInSyncYetAndMayStopWhenItIs() {
    Scene scene = Scene.of(1, 2);
    scene.topic("orders", 4, 2);
    scene.apply(new FenceBroker(2, scene.broker(2).epoch()));
    scene.run(600); // It is heard, and so unfenced; it is not in sync.
    assertThat(scene.ledBy(1)).isEqualTo(4);

    scene.wantShutdown(1);
    scene.run(3_000);
    assertThat(scene.mayStop(1)).isFalse();
    scene.catchUpWithLeaders();
    scene.run(600);

    assertThat(scene.ledBy(1)).isZero();
    assertThat(scene.mayStop(1)).isTrue();
  }

  @Test
  void nobodyWaitsForLongerThanTheLimit() {
    Scene scene = Scene.of(1, 2);
    scene.topic("orders", 4, 2);
    scene.apply(new FenceBroker(2, scene.broker(2).epoch()));
    scene.run(600);
    scene.wantShutdown(1);

    scene.run(ControllerSettings.DEFAULT.shutdownMsMax() - 300);
    assertThat(scene.mayStop(1)).isFalse();
    scene.run(600);

    assertThat(scene.mayStop(1)).isTrue();
    assertThat(scene.ledBy(1)).isEqualTo(4);
  }

  @Test
  void partitionsThatNobodyElseHoldsDoNotHoldABrokerUp() {
    Scene scene = Scene.of(1);
    scene.topic("orders", 4, 1);

    scene.wantShutdown(1);
    scene.run(600);

    assertThat(scene.mayStop(1)).isTrue();
    assertThat(scene.ledBy(1)).as("it leads to the end").isEqualTo(4);
  }

  @Test
  void brokerMayNotStopBeforeItIsKnownToLeave() {
    Scene scene = Scene.of(1, 2);
    scene.log = LogState.FAILING;

    scene.wantShutdown(1);
    scene.run(1_000);
    assertThat(scene.mayStop(1)).as("it could be elected still").isFalse();
    scene.log = LogState.UP;
    scene.run(900);

    assertThat(scene.mayStop(1)).isTrue();
  }

  @Test
  void fencedBrokerThatWantsToStopIsNotBroughtBack() {
    Scene scene = Scene.of(1);
    scene.start(2);
    scene.wantShutdown(2);

    scene.run(600);

    assertThat(scene.submitted).isEmpty();
    assertThat(scene.mayStop(2)).isTrue();
  }

  @Test
  void brokerThatHasStoppedIsFencedAtOnceAndTakesPartInItsNextLife() {
    Scene scene = Scene.of(1, 2);
    scene.wantShutdown(2);
    scene.run(900);
    scene.dialled = Optional.of(Probe.Answer.REFUSED);
    scene.kill(2);
    assertThat(scene.fenced(2)).isTrue();

    scene.stayOn(2);
    scene.start(2);
    scene.run(600);

    assertThat(scene.broker(2).active()).isTrue();
  }
}
