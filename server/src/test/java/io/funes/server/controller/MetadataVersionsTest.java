package io.funes.server.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.metadata.MetadataCommand.RaiseVersion;
import io.funes.server.metadata.MetadataCommand.UnregisterBroker;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataVersion;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Brokers of an older release are replaced by those of this one, one after the other. */
class MetadataVersionsTest {
  private static final int OLD = MetadataVersion.NEWEST - 1;

  private final Scene scene = new Scene();

  private void founded(Integer... brokers) {
    scene.image = MetadataImage.EMPTY;
    for (int id : brokers) {
      scene.reads(id, OLD);
      scene.start(id);
    }
    scene.controller.leading(1, Optional.empty());
    scene.run(1_000);
    assertThat(scene.image.version()).isEqualTo(OLD);
  }

  @Test
  void aVersionIsWrittenWhenTheLastBrokerCanReadIt() {
    founded(1, 2);

    scene.reads(1, MetadataVersion.NEWEST);
    scene.run(1_000);
    assertThat(scene.image.version()).isEqualTo(OLD);

    scene.reads(2, MetadataVersion.NEWEST);
    scene.run(1_000);
    assertThat(scene.image.version()).isEqualTo(MetadataVersion.NEWEST);
    assertThat(scene.submitted).containsOnlyOnce(new RaiseVersion(MetadataVersion.NEWEST));
  }

  @Test
  void aBrokerThatIsDownMayComeBackWithItsOldRelease() {
    founded(1, 2);
    scene.reads(1, MetadataVersion.NEWEST);
    scene.reads(2, MetadataVersion.NEWEST);
    scene.kill(2);
    scene.register(2); // Nothing was heard of this life of it.

    scene.run(5_000);
    assertThat(scene.image.version()).isEqualTo(OLD);

    scene.apply(new UnregisterBroker(2, scene.broker(2).epoch())).orThrow();
    scene.run(1_000);
    assertThat(scene.image.version()).isEqualTo(MetadataVersion.NEWEST);
  }

  @Test
  void whatALogDidNotTakeIsAskedForAgain() {
    founded(1);
    scene.log = Scene.LogState.FAILING;
    scene.reads(1, MetadataVersion.NEWEST);
    scene.run(1_000);

    scene.log = Scene.LogState.UP;
    scene.run(1_000);

    assertThat(scene.image.version()).isEqualTo(MetadataVersion.NEWEST);
  }

  @Test
  void aNewClusterWritesTheNewestAtOnce() {
    scene.image = MetadataImage.EMPTY;
    scene.start(1);
    scene.controller.leading(1, Optional.empty());

    scene.run(1_000);

    assertThat(scene.image.version()).isEqualTo(MetadataVersion.NEWEST);
  }
}
