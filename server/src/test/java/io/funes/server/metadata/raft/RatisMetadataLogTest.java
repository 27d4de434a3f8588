package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.Outcome.Applied;
import io.funes.server.metadata.Outcome.Refused;
import io.funes.server.metadata.Outcome.TopicChanged;
import io.funes.server.metadata.TopicImage;
import io.funes.server.metadata.raft.RaftConfig.Start;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.ratis.proto.RaftProtos.AppendEntriesRequestProto;
import org.apache.ratis.proto.RaftProtos.RaftRpcRequestProto;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RatisMetadataLogTest {
  private static final long SNAPSHOT_EVERY = 500;

  @TempDir private Path parent;
  private final UUID cluster = UUID.randomUUID();

  private final List<RatisMetadataLog> opened = new ArrayList<>();
  private final List<Throwable> fatal = Collections.synchronizedList(new ArrayList<>());

  @AfterEach
  void closeAll() throws IOException {
    for (RatisMetadataLog log : opened) {
      log.close();
    }
  }

  @Test
  void topicIsThereForImageAndListenersWhenTheAnswerComes() throws IOException {
    RatisMetadataLog log = start("a", true);
    register(log);
    List<String> heard = new ArrayList<>();
    log.subscribe(
        (image, delta) -> delta.created().forEach(topic -> heard.add(topic.name().value())));

    TopicImage topic = created(log.submit(Commands.create("orders", 3)).join());

    assertThat(log.image().topic(new TopicName("orders"))).contains(topic);
    assertThat(heard).containsExactly("orders");
    log.subscribe((image, delta) -> delta.created().forEach(t -> heard.add("late " + t.name())));
    assertThat(heard).containsExactly("orders", "late orders");
  }

  @Test
  void refusalIsAnAnswerAndTheLogGoesOn() throws IOException {
    RatisMetadataLog log = start("a", true);
    register(log);
    created(log.submit(Commands.create("orders", 3)).join());

    assertThat(refused(log, Commands.create("orders", 3))).isEqualTo(ErrorCode.TOPIC_EXISTS);
    assertThat(refused(log, Commands.create("b", 1, 2, Map.of())))
        .isEqualTo(ErrorCode.INVALID_REPLICATION_FACTOR);
    assertThat(refused(log, Commands.create("b", 0))).isEqualTo(ErrorCode.INVALID_PARTITION_COUNT);
    created(log.submit(Commands.create("b", 1)).join());
    assertThat(fatal).isEmpty();
  }

  @Test
  void restartKeepsTheImage() throws IOException {
    RatisMetadataLog log = start("a", true);
    register(log);
    created(log.submit(Commands.create("orders", 3, 1, Map.of("retention.ms", "-1"))).join());
    log.submit(Commands.init("billing")).join();
    MetadataImage before = log.image();
    log.close();

    RatisMetadataLog again = start("a", false);

    assertThat(again.image()).isEqualTo(before);
    assertThat(fatal).isEmpty();
  }

  @Test
  void killedLogKeepsEveryAcknowledgedCommand() throws IOException {
    RatisMetadataLog log = start("a", true);
    register(log);
    for (int i = 0; i < 50; i++) {
      created(log.submit(Commands.create("topic-" + i, 1)).join());
    }
    MetadataImage acknowledged = log.image();

    crash("a", "b"); // Nothing was closed, no snapshot taken.

    assertThat(snapshots("b")).isEmpty();
    assertThat(start("b", false).image()).isEqualTo(acknowledged);
  }

  @Test
  void imageIsRebuiltFromSnapshotAndLogAfterThousandsOfCommands() throws IOException {
    RatisMetadataLog log = start("a", true);
    register(log);
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      answers.add(log.submit(Commands.create("topic-" + i, 1)));
      if (i % 3 == 0) {
        answers.add(log.submit(Commands.delete("topic-" + i)));
      }
    }
    answers.forEach(answer -> answer.join().orThrow());
    MetadataImage acknowledged = log.image();
    assertThat(acknowledged.topics().size()).isEqualTo(2_000);

    crash("a", "b");
    assertThat(snapshots("b")).isNotEmpty();
    RatisMetadataLog crashed = start("b", false);
    assertThat(crashed.image()).isEqualTo(acknowledged);
    created(crashed.submit(Commands.create("more", 1)).join());
    MetadataImage more = crashed.image();
    crashed.close();
    assertThat(start("b", false).image()).isEqualTo(more);
  }

  @Test
  void logIsPurgedBehindSnapshots() throws IOException {
    RatisMetadataLog log = start("a", true);
    List<CompletableFuture<Outcome>> answers = new ArrayList<>();
    for (int i = 0; i < 6_000; i++) {
      answers.add(log.submit(Commands.init("x".repeat(240))));
      if (answers.size() == 2_000) {
        answers.forEach(answer -> answer.join().orThrow());
        answers.clear();
      }
    }
    log.close();

    assertThat(files("a", "current")).noneMatch(name -> name.startsWith("log_0-"));
    assertThat(snapshots("a")).hasSize(2);
    RatisMetadataLog again = start("a", false);
    Outcome next = again.submit(Commands.init("x".repeat(240))).join();
    assertThat(next).isEqualTo(new Applied(new Outcome.ProducerInitialized(1, 6_000)));
  }

  @Test
  void missingLogOfAKnownNodeIsRefused() throws IOException {
    start("a", true).close();
    opened.clear();
    deleteAll(folder("a"));

    assertThatThrownBy(() -> start("a", false))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is missing")
        .hasMessageContaining(cluster.toString());
    assertThat(folder("a")).doesNotExist();
  }

  @Test
  void logOfAnotherClusterIsRefused() throws IOException {
    start("a", true).close();
    RaftConfig foreign = new RaftConfig(folder("a"), new UUID(1, 1), 1, false);

    assertThatThrownBy(() -> RatisMetadataLog.start(foreign, fatal::add))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is missing");
  }

  @Test
  void damagedSnapshotStopsTheStart() throws IOException {
    RatisMetadataLog log = start("a", true);
    register(log);
    log.close();
    Path snapshot = group("a").resolve("sm").resolve(snapshots("a").getFirst());
    try (RandomAccessFile file = new RandomAccessFile(snapshot.toFile(), "rw")) {
      file.seek(file.length() - 1);
      int last = file.read();
      file.seek(file.length() - 1);
      file.write(last ^ 1);
    }

    assertThatThrownBy(() -> start("a", false)).isInstanceOf(IOException.class);
  }

  @Test
  void listenerThatThrowsEndsTheProcess() throws Exception {
    CompletableFuture<Throwable> ended = new CompletableFuture<>();
    RatisMetadataLog log = RatisMetadataLog.start(config("a", true), ended::complete);
    opened.add(log);
    register(log);
    log.subscribe((image, delta) -> {
      if (!delta.created().isEmpty()) {
        throw new IllegalStateException("no room for the partition");
      }
    });

    CompletableFuture<Outcome> answer = log.submit(Commands.create("orders", 1));

    assertThat(ended.get(30, TimeUnit.SECONDS)).hasMessageContaining("no room for the partition");
    // Only then has Ratis seen the failure; closing it before would wait for the entry.
    assertThat(answer).failsWithin(30, TimeUnit.SECONDS);
  }

  @Test
  void commandAfterCloseFailsAsUnavailable() throws IOException {
    RatisMetadataLog log = start("a", true);
    register(log);
    log.close();

    assertThat(log.submit(Commands.create("orders", 1)))
        .failsWithin(30, TimeUnit.SECONDS)
        .withThrowableThat()
        .withMessageContaining("BROKER_UNAVAILABLE");
    assertThat(fatal).isEmpty();
  }

  @Test
  void hugeCommandIsRefusedBeforeItIsLogged() throws IOException {
    RatisMetadataLog log = start("a", true);

    MetadataCommand huge = Commands.register(1, cluster, "x".repeat(2 << 20));

    assertThat(refused(log, huge)).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    register(log);
    assertThat(fatal).isEmpty();
  }

  @Test
  void commandLargerThanASegmentIsKept() throws IOException {
    RatisMetadataLog log = start("a", true);
    register(log);
    String address = "x".repeat(1_000_000);

    log.submit(Commands.register(2, cluster, address)).join().orThrow();
    MetadataImage acknowledged = log.image();

    assertThat(acknowledged.broker(2).orElseThrow().address()).isEqualTo(address);
    crash("a", "b");
    assertThat(start("b", false).image()).isEqualTo(acknowledged);
  }

  @Test
  void callForTheBrokerThatWasAtThisAddressIsRefused() throws IOException {
    RatisMetadataLog log = start("a", true);
    AppendEntriesRequestProto request =
        AppendEntriesRequestProto.newBuilder()
            .setServerRequest(
                RaftRpcRequestProto.newBuilder()
                    .setRequestorId(Peer.id(2).toByteString())
                    .setReplyId(Peer.id(77).toByteString()))
            .build();

    assertThatThrownBy(() -> log.handler().handle(RaftCall.APPEND_ENTRIES, request.toByteArray()))
        .hasMessageContaining("the call is for broker-77, which was here");
  }

  private RatisMetadataLog start(String name, boolean firstStart) throws IOException {
    RatisMetadataLog log = RatisMetadataLog.start(config(name, firstStart), fatal::add);
    opened.add(log);
    return log;
  }

  private RaftConfig config(String name, boolean firstStart) {
    return new RaftConfig(
        folder(name),
        cluster,
        new Peer(1, ""),
        firstStart ? new Start.Found() : new Start.Restart(),
        RaftTuning.DEFAULT.withSnapshotEvery(SNAPSHOT_EVERY));
  }

  private Path folder(String name) {
    return parent.resolve(name);
  }

  private Path group(String name) {
    return folder(name).resolve(cluster.toString());
  }

  private static void register(RatisMetadataLog log) {
    log.submit(Commands.register(1)).join().orThrow();
  }

  private static TopicImage created(Outcome outcome) {
    return ((TopicChanged) outcome.orThrow()).topic();
  }

  private static ErrorCode refused(RatisMetadataLog log, MetadataCommand command) {
    return ((Refused) log.submit(command).join()).refusal().code();
  }

  /** What a kill would leave: the files as they are now, while the log is running. */
  private void crash(String from, String to) throws IOException {
    while (true) {
      try (Stream<Path> files = Files.walk(folder(from))) {
        for (Path file : files.toList()) {
          Files.copy(file, folder(to).resolve(folder(from).relativize(file)));
        }
        return;
      } catch (NoSuchFileException e) { // An older snapshot went meanwhile: copy again.
        deleteAll(folder(to));
      }
    }
  }

  private List<String> snapshots(String name) throws IOException {
    return files(name, "sm").stream().filter(file -> file.matches("snapshot\\.\\d+_\\d+")).toList();
  }

  private List<String> files(String name, String part) throws IOException {
    try (Stream<Path> files = Files.list(group(name).resolve(part))) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }

  private static void deleteAll(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Collections.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
