package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.InSyncChange;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.metadata.TopicImage;
import io.funes.server.metrics.Metrics;
import io.funes.server.metrics.Metrics.Counter;
import io.funes.server.metrics.Metrics.Label;
import io.funes.server.metrics.Metrics.Timer;
import io.funes.server.testing.MemoryMetadataLog;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.DoubleSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** A replica leads that may lack committed records, and its broker says so. */
class UncleanElectionsTest {
  private static final Logger LOG = (Logger) LoggerFactory.getLogger(UncleanElections.class);

  private final MemoryMetadataLog metadata = new MemoryMetadataLog();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  @BeforeEach
  void listen() {
    logged.start();
    LOG.addAppender(logged);
    LOG.setLevel(Level.WARN);
    List.of(1, 2).forEach(id -> apply(Commands.register(id)));
  }

  @AfterEach
  void deafen() {
    LOG.detachAppender(logged);
    LOG.setLevel(null);
  }

  @Test
  void brokerThatLeadsByAnUncleanElectionWarnsAndCountsIt() {
    apply(Commands.create("t", 1, 2, Map.of("unclean.leader.election", "true")));
    int leader = partition().leaderId();
    int other = 3 - leader;
    AtomicLong onTheLeader = listenOn(leader);
    AtomicLong onTheOther = listenOn(other);
    inSync(leader);

    apply(new FenceBroker(leader, epoch(leader)));

    assertThat(partition().leaderId()).isEqualTo(other);
    assertThat(onTheOther).hasValue(1);
    assertThat(onTheLeader).hasValue(0);
    assertThat(logged.list).hasSize(1);
    assertThat(logged.list.getFirst().getLevel()).isEqualTo(Level.WARN);
    assertThat(logged.list.getFirst().getFormattedMessage())
        .startsWith("topic t, partition 0: broker %d leads by an unclean election".formatted(other))
        .endsWith("acknowledged records that it does not have are lost");

    inSync(other, leader);
    assertThat(onTheOther).as("that it recovers is not another one").hasValue(1);
  }

  @Test
  void electionsThatLoseNothingAreNotCounted() {
    apply(Commands.create("t", 1, 2, Map.of("unclean.leader.election", "true")));
    int leader = partition().leaderId();
    AtomicLong elections = listenOn(3 - leader);

    apply(new FenceBroker(leader, epoch(leader)));

    assertThat(partition().leaderId()).isEqualTo(3 - leader);
    assertThat(elections).hasValue(0);
  }

  /** As that of a partition with one replica after each kill of its broker. */
  @Test
  void lastLeaderThatLeadsAgainIsNotCounted() {
    apply(Commands.create("t", 1, 1, Map.of()));
    int leader = partition().leaderId();
    AtomicLong elections = listenOn(leader);

    apply(
        new RegisterBroker(
            leader, UUID.randomUUID(), "a:1", "", Optional.empty(), Optional.empty(), true));
    apply(new UnfenceBroker(leader, epoch(leader)));

    assertThat(partition().leaderId()).isEqualTo(leader);
    assertThat(partition().recovering()).isTrue();
    assertThat(elections).hasValue(0);
    assertThat(logged.list).isEmpty();
  }

  private AtomicLong listenOn(int broker) {
    Counted counted = new Counted();
    metadata.subscribe(new UncleanElections(broker, counted));
    return counted.count;
  }

  private void apply(MetadataCommand command) {
    var _ = metadata.submit(command).join().orThrow();
  }

  private TopicImage topic() {
    return metadata.image().topics().iterator().next();
  }

  private PartitionImage partition() {
    return topic().partitions().getFirst();
  }

  private long epoch(int broker) {
    return metadata.image().broker(broker).orElseThrow().epoch();
  }

  /** The leader says who is in sync, and that it has recovered what it can. */
  private void inSync(int... brokers) {
    List<Member> members =
        Arrays.stream(brokers).mapToObj(id -> new Member(id, epoch(id))).toList();
    PartitionImage now = partition();
    InSyncChange change =
        new InSyncChange(
            topic().partitionId(0), now.leaderEpoch(), now.partitionEpoch(), members, true);
    apply(new AlterInSync(now.leaderId(), epoch(now.leaderId()), List.of(change)));
  }

  /** Has one counter. */
  private static final class Counted implements Metrics {
    final AtomicLong count = new AtomicLong();

    @Override
    public Counter counter(String name, String help, Label... labels) {
      return count::addAndGet;
    }

    @Override
    public Timer timer(String name, String help, Label... labels) {
      return Metrics.none().timer(name, help, labels);
    }

    @Override
    public Distribution distribution(String name, String help, Label... labels) {
      return Metrics.none().distribution(name, help, labels);
    }

    @Override
    public void gauge(String name, String help, DoubleSupplier value, Label... labels) {}
  }
}
