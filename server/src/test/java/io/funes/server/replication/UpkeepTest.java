package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.MemoryProducerCheckpoints;
import io.funes.server.testing.TestBatch;
import io.funes.server.testing.TestEnvironment;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Broker 1 looks after its partitions. */
class UpkeepTest {
  private static final AppendTerms PLAIN =
      new AppendTerms(Acks.LEADER, AppendTerms.ANY_OFFSET, false);

  @TempDir private Path folder;

  private final ManualScheduler time = new ManualScheduler();
  private MetadataImage image = MetadataImage.EMPTY;
  private PartitionTable table;
  private Upkeep upkeep;

  @BeforeEach
  void open() {
    MemoryProducerCheckpoints checkpoints = new MemoryProducerCheckpoints();
    TestEnvironment environment = TestEnvironment.at(time).checkpoints(checkpoints).brokerId(1);
    table = environment.table(folder);
    upkeep = new Upkeep(table, checkpoints, time);
    apply(Commands.register(1));
  }

  private void apply(MetadataCommand command) {
    MetadataStateMachine.Step step = MetadataStateMachine.apply(image, command);
    image = step.image();
    table.changed(image, step.delta());
  }

  private Replica onlyReplica() {
    return table.replicas().findFirst().orElseThrow();
  }

  @Test
  void deletedPartitionsThatWereFlushedAtIntervalsAreForgotten() {
    apply(Commands.create("t", 1, 1, Map.of("flush", "interval")));
    onlyReplica().leader().append(TestBatch.of("a").entry(), PLAIN, new AcceptedAppend());
    upkeep.intervalFlushes();
    assertThat(onlyReplica().log().flushedOffset()).isEqualTo(1);
    WeakReference<Replica> deleted = new WeakReference<>(onlyReplica());

    apply(Commands.delete("t"));
    time.runReady();
    upkeep.intervalFlushes();
    System.gc();

    assertThat(deleted.refersTo(null)).as("nobody holds it").isTrue();
  }
}
