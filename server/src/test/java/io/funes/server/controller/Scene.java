package io.funes.server.controller;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.InSyncChange;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.RaiseVersion;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.MetadataVersion;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.testing.ManualScheduler;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** A controller, brokers that beat as long as they live, and the metadata log between them. */
final class Scene {
  static final long BEAT_MS = ControllerSettings.DEFAULT.beatMs();
  static final long SESSION_MS = ControllerSettings.DEFAULT.sessionMs();

  final ManualScheduler time = new ManualScheduler();
  final List<MetadataCommand> submitted = new ArrayList<>();
  final List<Long> terms = new ArrayList<>();
  final List<CompletableFuture<Probe.Answer>> dials = new ArrayList<>();
  final Controller controller;
  MetadataImage image = MetadataImage.EMPTY;

  /** Ends every dial from now on. */
  Optional<Probe.Answer> dialled = Optional.empty();

  /** Addresses where nobody listens. */
  final Set<String> gone = new HashSet<>();

  /** Commands wait, or fail, from now on. */
  LogState log = LogState.UP;

  private final Map<Integer, Long> alive = new TreeMap<>();
  private final Map<Integer, Long> lagging = new HashMap<>();
  private final Map<Integer, Boolean> stopping = new HashMap<>();
  private final Map<Integer, Integer> versions = new HashMap<>();
  private final Map<Integer, HeartbeatAnswer> answers = new HashMap<>();
  private long incarnations;
  private long term = 1;

  enum LogState {
    UP,
    SILENT,
    FAILING
  }

  Scene() {
    controller =
        new Controller(
            ControllerSettings.DEFAULT, () -> image, this::submit, this::dial, time, time);
    apply(new RaiseVersion(MetadataVersion.NEWEST)).orThrow();
    time.every(BEAT_MS * 1_000_000, () -> List.copyOf(alive.keySet()).forEach(this::beat));
  }

  /** A cluster under way: the controller is in its first term, the brokers are unfenced. */
  static Scene of(Integer... brokers) {
    Scene scene = new Scene();
    scene.controller.leading(1, Optional.empty());
    Stream.of(brokers).forEach(scene::start);
    scene.run(BEAT_MS);
    scene.submitted.clear();
    scene.terms.clear();
    return scene;
  }

  private CompletableFuture<Outcome> submit(MetadataCommand command, long term) {
    submitted.add(command);
    terms.add(term);
    return switch (log) {
      case UP -> CompletableFuture.completedFuture(apply(command));
      case SILENT -> new CompletableFuture<>();
      case FAILING ->
          CompletableFuture.failedFuture(
              Refusal.of(ErrorCode.BROKER_UNAVAILABLE, "no answer").exception());
    };
  }

  private CompletableFuture<Probe.Answer> dial(String address) {
    CompletableFuture<Probe.Answer> answer = new CompletableFuture<>();
    dials.add(answer);
    if (gone.contains(address)) {
      answer.complete(Probe.Answer.REFUSED);
    }
    dialled.ifPresent(answer::complete);
    return answer;
  }

  Outcome apply(MetadataCommand command) {
    Step step = MetadataStateMachine.apply(image, command);
    image = step.image();
    return step.outcome();
  }

  /** Registers it and lets it beat. */
  void start(int id) {
    register(id);
    alive.put(id, broker(id).epoch());
  }

  /** Another process of it; it says nothing yet. */
  void register(int id) {
    apply(
            new RegisterBroker(
                id,
                new UUID(id, ++incarnations),
                "host-%d:1942".formatted(id),
                "host-%d:1943".formatted(id),
                Optional.empty(),
                image.broker(id).map(BrokerImage::incarnation),
                true))
        .orThrow();
  }

  /** Its stream stays open and nothing comes. */
  void silence(int id) {
    alive.remove(id);
  }

  void kill(int id) {
    BrokerLife life = new BrokerLife(id, alive.remove(id));
    controller.broken(life);
    time.runReady();
  }

  /** While nobody was the controller, or nobody knew of it. */
  void die(int id) {
    alive.remove(id);
    gone.add(broker(id).internalAddress());
  }

  /** Another broker becomes the controller, and has heard of the former one this long ago. */
  void succeed(int former, long silentMs) {
    controller.following();
    controller.leading(
        ++term, Optional.of(new LastAnswer(former, time.nanos() - silentMs * 1_000_000)));
    time.runReady();
  }

  void lagAt(int id, long revision) {
    lagging.put(id, revision);
  }

  void catchUp(int id) {
    lagging.remove(id);
  }

  void wantShutdown(int id) {
    stopping.put(id, true);
  }

  /** It runs a release that can read so much. */
  void reads(int id, int metadataVersion) {
    versions.put(id, metadataVersion);
  }

  void stayOn(int id) {
    stopping.remove(id);
  }

  boolean mayStop(int id) {
    return answers.get(id).mayStop();
  }

  HeartbeatAnswer answer(int id) {
    return answers.get(id);
  }

  void beat(int id) {
    beat(new BrokerLife(id, alive.getOrDefault(id, broker(id).epoch())));
  }

  Optional<HeartbeatAnswer> beat(BrokerLife life) {
    int id = life.brokerId();
    Optional<HeartbeatAnswer> answer =
        controller.heard(
            new Heartbeat(
                life,
                lagging.getOrDefault(id, image.revision()),
                stopping.getOrDefault(id, false),
                versions.getOrDefault(id, MetadataVersion.NEWEST)));
    answer.ifPresent(given -> answers.put(id, given));
    time.runReady();
    return answer;
  }

  void run(long ms) {
    for (long passed = 0; passed < ms; passed += 50) {
      time.advanceMs(50);
    }
  }

  BrokerImage broker(int id) {
    return image.broker(id).orElseThrow();
  }

  boolean fenced(int id) {
    return broker(id).fenced();
  }

  void topic(String name, int partitions, int replicas) {
    apply(Commands.create(name, partitions, replicas, Map.of())).orThrow();
  }

  PartitionImage partition(String topic) {
    return image.topic(new TopicName(topic)).orElseThrow().partitions().getFirst();
  }

  /** Every broker that is up and holds a partition gets in sync with it. */
  void catchUpWithLeaders() {
    image
        .topics()
        .forEach(topic -> {
          for (int number = 0; number < topic.partitions().size(); number++) {
            join(topic.partitionId(number), topic.partitions().get(number));
          }
        });
  }

  /** It takes so many partitions over from leaders that are preferred, and stay so. */
  void takeOver(int id, int partitions) {
    int[] left = {partitions};
    image
        .topics()
        .forEach(topic -> {
          for (int number = 0; number < topic.partitions().size(); number++) {
            PartitionImage partition = topic.partitions().get(number);
            if (partition.leaderId() != id && partition.inSync().contains(id) && left[0]-- > 0) {
              List<Integer> order =
                  Stream.concat(Stream.of(id), partition.replicas().stream()).distinct().toList();
              apply(Commands.replicas(topic.partitionId(number), order)).orThrow();
              apply(
                  new ElectLeaders(
                      List.of(topic.partitionId(number)), ElectLeaders.Kind.PREFERRED));
              apply(Commands.replicas(topic.partitionId(number), partition.replicas())).orThrow();
            }
          }
        });
  }

  private void join(PartitionId id, PartitionImage partition) {
    List<Member> members =
        partition.replicas().stream()
            .filter(replica -> broker(replica).active() || partition.leaderId() == replica)
            .map(replica -> new Member(replica, broker(replica).epoch()))
            .toList();
    apply(
        new AlterInSync(
            partition.leaderId(),
            broker(partition.leaderId()).epoch(),
            List.of(
                new InSyncChange(
                    id, partition.leaderEpoch(), partition.partitionEpoch(), members, false))));
  }

  long ledBy(int id) {
    long[] count = {0};
    image
        .topics()
        .forEach(topic ->
            count[0] += topic.partitions().stream().filter(p -> p.leaderId() == id).count());
    return count[0];
  }
}
