package io.funes.server.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.controller.Scene.LogState;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import java.util.List;
import org.junit.jupiter.api.Test;

class PreferredElectionsTest {
  private static final long PERIOD_MS = ControllerSettings.DEFAULT.preferredLeadersMs();
  private static final long CALM_MS = ControllerSettings.DEFAULT.calmMs();

  @Test
  void leadersReturnToABrokerThatCameBack() {
    Scene scene = whereBroker1LeadsAll(10);

    scene.run(PERIOD_MS + 100);

    assertThat(scene.ledBy(2)).isEqualTo(5);
    assertThat(elections(scene)).hasSize(1);
    scene.run(2 * PERIOD_MS);
    assertThat(elections(scene)).as("nothing to do any more").hasSize(1);
  }

  @Test
  void nobodyIsMovedWhileBrokersComeAndGo() {
    Scene scene = whereBroker1LeadsAll(10);
    scene.run(PERIOD_MS - CALM_MS / 2);
    scene.start(3);
    scene.run(CALM_MS - 1_000);
    assertThat(scene.ledBy(2)).isZero();

    scene.run(2_000);

    assertThat(scene.ledBy(2)).isEqualTo(5);
  }

  @Test
  void brokerThatIsNotInSyncGetsNothingBack() {
    Scene scene = Scene.of(1, 2);
    scene.topic("orders", 10, 2);
    scene.apply(new FenceBroker(2, scene.broker(2).epoch()));

    scene.run(2 * PERIOD_MS);

    assertThat(scene.fenced(2)).isFalse();
    assertThat(elections(scene)).isEmpty();
  }

  @Test
  void smallImbalanceIsLeftAlone() {
    Scene scene = Scene.of(1, 2);
    scene.topic("orders", 80, 2);
    scene.takeOver(1, 4);
    assertThat(scene.ledBy(2)).isEqualTo(36);

    scene.run(2 * PERIOD_MS);

    assertThat(elections(scene)).isEmpty();
  }

  @Test
  void manyLeadersMoveInBatches() {
    Scene scene = whereBroker1LeadsAll(2_400);

    scene.run(PERIOD_MS + 1_000);

    assertThat(scene.ledBy(2)).isEqualTo(1_200);
    assertThat(elections(scene))
        .extracting(elect -> elect.partitions().size())
        .containsExactly(500, 500, 200);
  }

  @Test
  void electionThatTheLogDidNotTakeIsTriedAgain() {
    Scene scene = whereBroker1LeadsAll(10);
    scene.log = LogState.FAILING;
    scene.run(PERIOD_MS + 300);
    assertThat(elections(scene)).hasSizeGreaterThan(1);

    scene.log = LogState.UP;
    scene.run(200);

    assertThat(scene.ledBy(2)).isEqualTo(5);
  }

  private static Scene whereBroker1LeadsAll(int partitions) {
    Scene scene = Scene.of(1, 2);
    scene.topic("orders", partitions, 2);
    scene.apply(new FenceBroker(2, scene.broker(2).epoch()));
    scene.run(Scene.BEAT_MS);
    scene.catchUpWithLeaders();
    assertThat(scene.ledBy(1)).isEqualTo(partitions);
    return scene;
  }

  private static List<ElectLeaders> elections(Scene scene) {
    return scene.submitted.stream()
        .filter(ElectLeaders.class::isInstance)
        .map(ElectLeaders.class::cast)
        .toList();
  }
}
