package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.Refusal;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataListener;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.TopicImage;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.MemoryMetadataLog;
import io.funes.server.testing.TestBatch;
import io.funes.server.testing.TestEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Broker 0 leads all partitions of a topic that broker 1 has too. No time passes, except where a
 * test says so: what happens, happens at once.
 */
class InSyncRequestsTest {
  private static final int PARTITIONS = 4;
  private static final int LOOK_MS = 500;
  private static final int LAG_MS = 10_000;

  private final ManualScheduler time = new ManualScheduler();
  private final SlowController metadata = new SlowController();
  private PartitionTable table;
  private final InSyncRequests requests = new InSyncRequests(metadata, time, 0, LAG_MS);

  /** Answers the changes of in-sync replicas when the test says so. */
  private static final class SlowController implements MetadataLog {
    private final MemoryMetadataLog log = new MemoryMetadataLog();
    private final List<AlterInSync> asked = new ArrayList<>();
    private final List<Runnable> unanswered = new ArrayList<>();
    private boolean throwing;

    @Override
    public CompletableFuture<Outcome> submit(MetadataCommand command) {
      if (!(command instanceof AlterInSync alter)) {
        return log.submit(command);
      }
      if (throwing) {
        throw new IllegalStateException("the log cannot take it");
      }
      CompletableFuture<Outcome> answer = new CompletableFuture<>();
      asked.add(alter);
      unanswered.add(() -> answer.complete(log.submit(alter).join()));
      return answer;
    }

    void answer() {
      List<Runnable> now = List.copyOf(unanswered);
      unanswered.clear();
      now.forEach(Runnable::run);
    }

    @Override
    public MetadataImage image() {
      return log.image();
    }

    @Override
    public void subscribe(MetadataListener listener) {
      log.subscribe(listener);
    }
  }

  private PartitionTable open() {
    TestEnvironment environment = TestEnvironment.at(time).inSyncOutdated(requests::outdated);
    return environment.table(Path.of("/broker"));
  }

  @BeforeEach
  void replicaIsOut() {
    table = open();
    metadata.subscribe(table);
    apply(Commands.register(0));
    apply(Commands.create("t", PARTITIONS));
    apply(Commands.register(1));
    IntStream.range(0, PARTITIONS)
        .forEach(number -> apply(Commands.replicas(topic().partitionId(number), List.of(0, 1))));
    requests.start(table, LOOK_MS);
    time.runReady();
    assertThat(inSync()).isEmpty();
  }

  private void apply(MetadataCommand command) {
    var _ = metadata.submit(command).join().orThrow();
  }

  private TopicImage topic() {
    return metadata.image().topics().iterator().next();
  }

  private long epoch() {
    return metadata.image().broker(1).orElseThrow().epoch();
  }

  /** By the metadata. */
  private List<Integer> inSync() {
    return IntStream.range(0, PARTITIONS)
        .filter(number -> topic().partitions().get(number).inSync().contains(1))
        .boxed()
        .toList();
  }

  private void catchUp(int... partitions) {
    for (int number : partitions) {
      table.leader(topic().partitionId(number)).orElseThrow().acknowledged(1, epoch(), 0);
    }
    time.runReady();
  }

  @Test
  void replicaThatHasCaughtUpIsAskedForAtOnce() {
    catchUp(2);
    metadata.answer();

    assertThat(inSync()).containsExactly(2);
  }

  @Test
  void thoseThatCatchUpWhileARequestIsUnderWayAreAskedForTogether() {
    catchUp(0);
    catchUp(1);
    catchUp(2, 3);
    assertThat(metadata.asked).hasSize(1);

    metadata.answer();
    time.runReady();
    metadata.answer();

    assertThat(metadata.asked).extracting(asked -> asked.changes().size()).containsExactly(1, 3);
    assertThat(inSync()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void replicaThatCaughtUpWhileItsBrokerWasFencedComesInWhenThatIsUnfenced() {
    apply(new FenceBroker(1, epoch()));
    catchUp(0, 1, 2, 3);
    assertThat(metadata.asked).isEmpty();

    apply(new UnfenceBroker(1, epoch()));
    time.runReady();
    metadata.answer();

    assertThat(inSync()).containsExactly(0, 1, 2, 3);
  }

  @Test
  void whereTheLogThrowsItIsAskedAgainUntilItAnswers() {
    metadata.throwing = true;
    catchUp(0);
    time.advanceMs(LOOK_MS);

    metadata.throwing = false;
    time.advanceMs(LOOK_MS);
    metadata.answer();

    assertThat(inSync()).containsExactly(0);
  }

  @Test
  void replicaThatGivesUpIsTakenOutAtOnce() {
    catchUp(0);
    metadata.answer();
    append();

    table.leader(topic().partitionId(0)).orElseThrow().gaveUp(1);
    time.runReady();
    metadata.answer();

    assertThat(inSync()).isEmpty();
  }

  /** It would be refused again; the look every so often tries it again. */
  @Test
  void replicaThatIsNotLetInIsNotAskedForAtEachAcknowledgement() {
    apply(new FenceBroker(1, epoch()));
    apply(new UnfenceBroker(1, epoch()));
    time.runReady();
    catchUp(0);
    apply(new FenceBroker(1, epoch()));
    metadata.answer();
    assertThat(inSync()).isEmpty();

    catchUp(0);
    catchUp(0);

    assertThat(metadata.asked).hasSize(1);
  }

  @Test
  void replicaThatFallsBehindIsTakenOutInTime() {
    catchUp(0);
    metadata.answer();
    time.runReady();

    for (int ms = 0; ms < LAG_MS + 2 * LOOK_MS; ms += LOOK_MS) {
      append();
      time.advanceMs(LOOK_MS);
    }
    metadata.answer();

    assertThat(inSync()).isEmpty();
  }

  private void append() {
    append(Acks.LEADER, new AcceptedAppend());
  }

  private void append(Acks acks, AppendCallback callback) {
    table
        .leader(topic().partitionId(0))
        .orElseThrow()
        .append(
            TestBatch.of("x").entry(),
            new AppendTerms(acks, AppendTerms.ANY_OFFSET, false),
            callback);
  }

  /** The append has waited for the replica that may be in sync by then, and is not let in. */
  @Test
  void whereAnAppendFailsToBeAnsweredTheOtherPartitionsGoOn() {
    catchUp(0, 1);
    append(Acks.ALL, new UnansweredAppend());
    apply(new FenceBroker(1, epoch()));
    metadata.answer();

    apply(new UnfenceBroker(1, epoch()));
    time.runReady();
    metadata.answer();

    assertThat(inSync()).containsExactly(1);
  }

  /** Of a call that has ended. */
  private static final class UnansweredAppend implements AppendCallback {
    @Override
    public void appended(
        long baseOffset, long lastOffset, long appendTimeMs, boolean deduplicated) {
      throw new IllegalStateException("the call has ended");
    }

    @Override
    public void refused(Refusal refusal) {
      throw new AssertionError(refusal);
    }
  }
}
