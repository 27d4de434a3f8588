package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.TopicName;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataListener;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Followers whose entries the leader no longer has. */
class SnapshotInstallTest extends RaftScene {
  /** Larger than a segment of the log, so that every command has one for itself. */
  private static final int COMMAND_BYTES = 300_000;

  private static final int CHUNK_BYTES = 64 << 10;
  private static final Pattern LOG_FILE = Pattern.compile("log_(?:inprogress_)?(\\d+).*");

  private final List<String> heard = Collections.synchronizedList(new ArrayList<>());

  @Test
  void emptyFollowerTakesTheLeadersSnapshot() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 1, snapshotsEvery(5, 1));
    create("orders");
    write(20);
    assertThat(logStart(1)).isPositive();
    RatisMetadataLog joining = cluster.begin(2, RaftCluster.joining());
    joining.subscribe(recordTopics());

    Peer self = new Peer(2, RaftCluster.address(2));
    joining
        .change(new MemberChange(MemberChange.Kind.ADD_LISTENER, self), 20_000)
        .get(30, TimeUnit.SECONDS);

    joining.awaitReady(20_000);
    cluster.awaitAgreement();
    assertThat(cluster.network.answered(RaftCall.INSTALL_SNAPSHOT)).isGreaterThan(1);
    assertThat(heard).containsExactly("created orders");
    write(3);
    cluster.awaitAgreement();
  }

  @Test
  void slowFollowerTakesASnapshotInPlaceOfItsImage() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 1, snapshotsEvery(5, 1));
    create("orders");
    create("payments");
    RatisMetadataLog slow = cluster.join(2);
    cluster.awaitAgreement();
    slow.subscribe(recordTopics());
    heard.clear();
    int installs = cluster.network.answered(RaftCall.INSTALL_SNAPSHOT);

    cluster.network.cutOff(RaftCluster.address(2));
    submit(Commands.delete("orders"));
    submit(Commands.partitions("payments", 4));
    create("refunds");
    write(20);
    cluster.network.heal();
    write(5);

    cluster.awaitAgreement();
    assertThat(cluster.network.answered(RaftCall.INSTALL_SNAPSHOT)).isGreaterThan(installs);
    assertThat(heard)
        .containsExactlyInAnyOrder("created refunds", "changed payments", "deleted orders");
    assertThat(slow.image().topic(new TopicName("orders"))).isEmpty();
    cluster.stop(2);
    RatisMetadataLog again = cluster.restart(2);
    again.awaitReady(20_000);
    assertThat(again.image()).isEqualTo(cluster.log(1).image());
  }

  /** RATIS-2500, without the entries that we keep in the log because of it. */
  @Test
  void followerRightBelowTheLogsStartCatchesUp() throws Exception {
    cluster = RaftCluster.ofVoters(parent, 1, snapshotsEvery(3, 4));
    create("orders");
    RatisMetadataLog follower = cluster.join(2);
    boolean rightBelow = false;
    for (int i = 0; i < 40 && !rightBelow; i++) {
      cluster.network.heal();
      cluster.awaitAgreement();
      long end = follower.quorum().member(2).orElseThrow().committed();
      cluster.network.cutOff(RaftCluster.address(2));
      write(1);
      rightBelow = purgedTo(end);
    }
    assertThat(rightBelow).as("a purge to where the follower is").isTrue();
    // Ratis repeats the append that it made before the purge; a new leader has none.
    cluster.stop(1);
    cluster.restart(1).awaitReady(20_000);
    assertThat(logStart(1)).isEqualTo(follower.quorum().member(2).orElseThrow().committed() + 1);
    int before = cluster.network.answered(RaftCall.INSTALL_SNAPSHOT);
    cluster.network.heal();

    cluster.awaitAgreement();
    assertThat(cluster.network.answered(RaftCall.INSTALL_SNAPSHOT)).isGreaterThan(before);
    write(1);
    cluster.awaitAgreement();
    int installs = cluster.network.answered(RaftCall.INSTALL_SNAPSHOT);
    write(2);
    cluster.awaitAgreement();
    assertThat(cluster.network.answered(RaftCall.INSTALL_SNAPSHOT)).isEqualTo(installs);
  }

  private static RaftTuning snapshotsEvery(int commands, int purgeGap) {
    return new RaftTuning(300, 600, 1_000, 20_000, commands, CHUNK_BYTES, 0, purgeGap);
  }

  private void create(String topic) throws Exception {
    submit(Commands.register(1));
    submit(Commands.create(topic, 1));
  }

  private void write(int commands) throws Exception {
    for (int i = 0; i < commands; i++) {
      submit(Commands.register(2, UUID.randomUUID(), "x".repeat(COMMAND_BYTES)));
    }
  }

  private void submit(MetadataCommand command) throws Exception {
    cluster.log(1).submit(command).get(30, TimeUnit.SECONDS).orThrow();
  }

  private MetadataListener recordTopics() {
    return (image, delta) -> {
      delta.created().forEach(topic -> heard.add("created " + topic.name()));
      delta.changed().forEach(change -> heard.add("changed " + change.after().name()));
      delta.deleted().forEach(topic -> heard.add("deleted " + topic.name()));
    };
  }

  /** A purge follows the snapshot that follows some commands, on another thread. */
  private boolean purgedTo(long end) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(50);
    while (logStart(1) != end + 1 && System.nanoTime() - deadline < 0) {
      Thread.onSpinWait();
    }
    return logStart(1) == end + 1;
  }

  private long logStart(int broker) throws IOException {
    try (Stream<Path> files = Files.list(cluster.logFolder(broker))) {
      return files
          .map(file -> LOG_FILE.matcher(file.getFileName().toString()))
          .filter(Matcher::matches)
          .mapToLong(name -> Long.parseLong(name.group(1)))
          .min()
          .orElseThrow();
    }
  }
}
