package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.common.Refusal;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataDelta;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.TestBatch;
import io.funes.server.testing.TestEnvironment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that follows, and is to lead: its producers know that before it does. */
class EarlyAppendsTest {
  private static final AppendTerms ALL = new AppendTerms(Acks.ALL, AppendTerms.ANY_OFFSET, false);

  private static final AppendTerms LEADER =
      new AppendTerms(Acks.LEADER, AppendTerms.ANY_OFFSET, false);

  @TempDir private Path folder;
  private final ManualScheduler time = new ManualScheduler();
  private final List<String> outcomes = new ArrayList<>();
  private MetadataImage image = MetadataImage.EMPTY;
  private MetadataImage heard = MetadataImage.EMPTY;
  private String failing = "";
  private String deaf = "";
  private PartitionTable table;
  private EarlyAppends early;

  @BeforeEach
  void follow() {
    apply(Commands.register(1));
    apply(Commands.register(2));
    apply(Commands.create("t", 1, 2, Map.of()));
    TestEnvironment environment = TestEnvironment.at(time).brokerId(3 - partition().leaderId());
    table = environment.table(folder);
    early = new EarlyAppends(table, time);
    hear();
  }

  private void apply(MetadataCommand command) {
    image = MetadataStateMachine.apply(image, command).image();
  }

  /** The broker applies what the others have applied before. */
  private void hear() {
    MetadataDelta delta = MetadataDelta.between(heard, image);
    heard = image;
    table.changed(heard, delta);
    early.changed(heard, delta);
  }

  private PartitionImage partition() {
    return image.topic(new TopicName("t")).orElseThrow().partitions().getFirst();
  }

  private void leaderDies() {
    int leader = partition().leaderId();
    apply(new FenceBroker(leader, image.broker(leader).orElseThrow().epoch()));
  }

  /** By a producer that knows all. */
  private void append(String value) {
    append(TestBatch.of(value), value);
  }

  private void append(TestBatch batch, String name) {
    append(0, partition().leaderEpoch(), batch, ALL, name);
  }

  private void append(
      int partition, int leaderEpoch, TestBatch batch, AppendTerms terms, String name) {
    early.append(
        table.topic("t", ""),
        partition,
        leaderEpoch,
        batch.entry(),
        terms,
        new AppendCallback() {
          @Override
          public void appended(
              long baseOffset, long lastOffset, long appendTimeMs, boolean deduplicated) {
            if (name.equals(failing)) {
              throw new IllegalStateException("a fault of whoever is told");
            }
            outcomes.add(name + " at " + baseOffset);
          }

          @Override
          public void refused(Refusal refusal) {
            if (name.equals(deaf)) {
              throw new IllegalStateException("nobody is there to be told");
            }
            outcomes.add(name + " " + refusal.code());
          }
        });
  }

  @Test
  void anAppendWaitsUntilTheBrokerHearsThatItLeads() {
    leaderDies();
    append("a");
    assertThat(outcomes).isEmpty();

    hear();
    time.runReady();

    assertThat(outcomes).containsExactly("a at 0");
  }

  @Test
  void whatComesMeanwhileStaysBehindWhatIsHeld() {
    leaderDies();
    append("a");
    append("b");
    hear();
    append("c");
    assertThat(outcomes).isEmpty();

    time.runReady();
    append("d");

    assertThat(outcomes).containsExactly("a at 0", "b at 1", "c at 2", "d at 3");
  }

  @Test
  void whoDoesNotHearInTimeRefuses() {
    leaderDies();
    append("a");

    time.advanceMs(499);
    assertThat(outcomes).isEmpty();
    time.advanceMs(1);

    assertThat(outcomes).containsExactly("a NOT_LEADER");
  }

  @Test
  void whoHearsThatAnotherOneLeadsRefuses() {
    leaderDies();
    append("a");

    leaderDies(); // Nobody leads now.
    hear();
    time.runReady();

    assertThat(outcomes).containsExactly("a NO_LEADER");
  }

  @Test
  void nothingIsHeldThatTheBrokerKnowsBetter() {
    assertThatThrownBy(() -> append("a")).hasMessageContaining("is led by");
  }

  @Test
  void soMuchIsHeldAndNoMore() {
    leaderDies();
    TestBatch large = TestBatch.of(1, 1 << 20);
    assertThatThrownBy(
            () -> {
              for (int i = 0; i <= EarlyAppends.BYTES_MAX >> 20; i++) {
                append(large, "" + i);
              }
            })
        .hasMessageContaining("is led by");

    hear();
    time.runReady();

    assertThat(outcomes).hasSize((EarlyAppends.BYTES_MAX >> 20) - 1);
    append("fits again");
    assertThat(outcomes).last().asString().startsWith("fits again at");
  }

  /** The table hears of a change first. */
  @Test
  void aNewPartitionIsAppendedToWhileOthersWait() {
    append(0, partition().leaderEpoch() + 1, TestBatch.of("a"), LEADER, "a");
    apply(Commands.partitions("t", 3));
    table.changed(image, MetadataDelta.between(heard, image));

    int here = table.topic("t", "").ledHere(1) ? 1 : 2;
    append(here, 0, TestBatch.of("b"), LEADER, "b");

    assertThat(outcomes).containsExactly("b at 0");
  }

  @Test
  void whatFailsDoesNotHoldUpWhatIsBehindIt() {
    leaderDies();
    failing = "a";
    append("a");
    append("b");

    hear();
    time.runReady();

    assertThat(outcomes).contains("a INTERNAL", "b at 1");
  }

  @Test
  void whoCannotBeToldHoldsUpNobody() {
    leaderDies();
    failing = "a";
    deaf = "a";
    append("a");
    append("b");

    hear();
    time.runReady();
    append("c");

    assertThat(outcomes).containsExactly("b at 1", "c at 2");
  }
}
