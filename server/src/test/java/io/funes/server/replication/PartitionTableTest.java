package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataCommand.CreateTopic;
import io.funes.server.metadata.MetadataCommand.Origin;
import io.funes.server.metadata.MetadataDelta;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataLimits;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.metadata.TopicImage;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.TestEnvironment;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What broker 1 serves, as it follows the metadata. */
class PartitionTableTest {
  @TempDir private Path folder;

  private final ManualScheduler time = new ManualScheduler();
  private MetadataImage image = MetadataImage.EMPTY;

  private PartitionTable table() {
    TestEnvironment environment = TestEnvironment.at(time).brokerId(1);
    return environment.table(folder);
  }

  private void apply(MetadataCommand command) {
    image = MetadataStateMachine.apply(image, command).image();
  }

  private void create(long id) {
    apply(
        new CreateTopic(
            new TopicId(new UUID(7, id)),
            new TopicName("t"),
            2,
            1,
            Map.of(),
            1_760_000_000_000L,
            Origin.CLIENT,
            MetadataLimits.DEFAULT));
  }

  private TopicImage topic() {
    return image.topic(new TopicName("t")).orElseThrow();
  }

  /** A broker that was far behind hears of all at once. */
  @Test
  void aSnapshotMayHoldATopicThatWasDeletedAndCreatedAgain() {
    apply(Commands.register(1));
    create(1);
    PartitionTable table = table();
    table.changed(image, MetadataDelta.between(MetadataImage.EMPTY, image));
    TopicImage old = topic();
    MetadataImage before = image;

    apply(Commands.delete("t"));
    create(2);
    table.changed(image, MetadataDelta.between(before, image));
    time.runReady();

    assertThat(table.topicCount()).isEqualTo(1);
    assertThat(table.replicaCount()).isEqualTo(2);
    for (int number = 0; number < 2; number++) {
      assertThat(table.leader(topic().partitionId(number))).isPresent();
      assertThat(table.leader(old.partitionId(number))).isEmpty();
    }
  }

  /** A command may still be applied when the logs' checkpoints are closed already. */
  @Test
  void whatIsAppliedWhileTheBrokerStopsIsLeftToTheNextStart() {
    apply(Commands.register(1));
    PartitionTable table = table();
    table.changed(image, MetadataDelta.between(MetadataImage.EMPTY, image));
    MetadataImage before = image;

    table.close(Refusal.of(ErrorCode.BROKER_UNAVAILABLE, "the broker is stopping"));
    create(1);
    table.changed(image, MetadataDelta.between(before, image));

    assertThat(table.replicaCount()).isZero();
    assertThat(folder).isEmptyDirectory();
  }

  /** A topic may have thousands, of which one or two move. */
  @Test
  void aChangeOfOnePartitionLeavesTheOthersAlone() {
    apply(Commands.register(1));
    create(1);
    PartitionTable table = table();
    table.changed(image, MetadataDelta.between(MetadataImage.EMPTY, image));
    AtomicInteger woken = new AtomicInteger();
    table.leader(topic().partitionId(0)).orElseThrow().watch(woken::incrementAndGet);
    MetadataImage before = image;

    apply(Commands.partitions("t", 3));
    table.changed(image, MetadataDelta.between(before, image));

    assertThat(table.replicaCount()).isEqualTo(3);
    assertThat(woken).hasValue(0);
  }
}
