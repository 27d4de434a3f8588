package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.Topic;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A broker of three dies, or hangs: a producer with acks=all waits, and nothing is lost. The gaps
 * are printed; {@code -Dfunes.it.rounds=N} measures more of them.
 */
final class FailoverIT {
  private static final int ROUNDS = Integer.getInteger("funes.it.rounds", 1);
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(60);
  private static final Pattern CONTROLLER =
      Pattern.compile("This broker is the controller, in term (\\d+)");

  private final List<BrokerProcess> brokers = new ArrayList<>();

  @BeforeEach
  void start() {
    brokers.add(BrokerProcess.fresh("failover-0"));
    brokers.add(BrokerProcess.joining(brokers.getFirst(), "failover-1"));
    brokers.add(BrokerProcess.joining(brokers.getFirst(), "failover-2"));
  }

  @AfterEach
  void stop() {
    brokers.forEach(BrokerProcess::close);
  }

  @Test
  void leaderIsKilled() {
    rounds("leader killed", false, false, FailoverIT::killAndStart);
  }

  @Test
  void controllerIsKilled() {
    rounds("controller killed", true, false, FailoverIT::killAndStart);
  }

  @Test
  void controllerThatLeadsIsKilled() {
    rounds("controller and leader killed", true, true, FailoverIT::killAndStart);
  }

  @Test
  void leaderHangs() {
    rounds("leader paused", false, false, FailoverIT::pauseAndContinue);
  }

  @Test
  void controllerThatLeadsHangs() {
    rounds("controller and leader paused", true, true, FailoverIT::pauseAndContinue);
  }

  /** Brings trouble, lets the producer find its way, and takes the trouble away. */
  private interface Trouble {
    void around(BrokerProcess broker, Runnable producing);
  }

  /** Producers do not wait until the process has ended. */
  private static void killAndStart(BrokerProcess broker, Runnable producing) {
    signal(broker, "KILL");
    producing.run();
    broker.kill9();
    broker.start();
  }

  private static void pauseAndContinue(BrokerProcess broker, Runnable producing) {
    signal(broker, "STOP");
    producing.run();
    signal(broker, "CONT");
  }

  private void rounds(String name, boolean controllerDies, boolean itLeads, Trouble trouble) {
    List<Long> gaps = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      String topic = "t" + round;
      Topic created = create(topic);
      awaitAllInSync(topic);
      int controller = controller();
      int partition =
          IntStream.range(0, brokers.size())
              .filter(p -> (created.getPartitions(p).getLeaderId() == controller) == itLeads)
              .findFirst()
              .orElseThrow();
      try (SequencedProducer producer = new SequencedProducer(topic, partition, brokers)) {
        producer.send(200);
        int victim = controllerDies ? controller : producer.leader();
        producer.takeLongestGapMs();
        trouble.around(brokers.get(victim), () -> producer.send(200));
        long gap = producer.takeLongestGapMs();
        gaps.add(gap);
        System.out.printf("FailoverIT: %s, broker %d, %d ms%n", name, victim, gap);
        awaitAllInSync(topic);
        assertNoOffsetGivenTwice(producer);
      }
    }
    gaps.sort(Comparator.naturalOrder());
    System.out.printf(
        "FailoverIT: %s, %d times: p50 %d ms, max %d ms%n",
        name, ROUNDS, gaps.get(gaps.size() / 2), gaps.getLast());
  }

  /** Each broker leads one partition. */
  private Topic create(String name) {
    try (Stubs stubs = new Stubs(brokers.getFirst())) {
      return stubs
          .topics()
          .createTopic(
              CreateTopicRequest.newBuilder()
                  .setName(name)
                  .setPartitionCount(brokers.size())
                  .setReplicationFactor(brokers.size())
                  .putAllConfigs(Map.of("min.insync.replicas", "2"))
                  .build())
          .getTopic();
    }
  }

  /** Who said so last, by its log. */
  private int controller() {
    return IntStream.range(0, brokers.size())
        .boxed()
        .max(Comparator.comparingLong(broker -> newestTerm(brokers.get(broker))))
        .orElseThrow();
  }

  private static long newestTerm(BrokerProcess broker) {
    return CONTROLLER
        .matcher(broker.log())
        .results()
        .map((MatchResult found) -> Long.parseLong(found.group(1)))
        .max(Comparator.naturalOrder())
        .orElse(-1L);
  }

  /** A record that was acknowledged and lost would leave its offset to the next one. */
  private static void assertNoOffsetGivenTwice(SequencedProducer producer) {
    int count = producer.offsets().size();
    assertThat(producer.offsets())
        .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(i -> (long) i).toList());
  }

  private void awaitAllInSync(String topic) {
    long begin = System.nanoTime();
    while (System.nanoTime() - begin < TIMEOUT_NANOS) {
      if (brokers.stream().allMatch(broker -> isAllInSync(broker, topic))) {
        return;
      }
    }
    throw new AssertionError("not all in sync");
  }

  /** By what this broker knows, so that all are up. */
  private boolean isAllInSync(BrokerProcess broker, String topic) {
    try (Stubs stubs = new Stubs(broker)) {
      return stubs
          .topics()
          .getTopic(GetTopicRequest.newBuilder().setName(topic).build())
          .getTopic()
          .getPartitionsList()
          .stream()
          .allMatch(partition -> partition.getInSyncReplicaIdsCount() == brokers.size());
    } catch (StatusRuntimeException e) {
      return false; // Not up yet.
    }
  }

  private static void signal(BrokerProcess broker, String name) {
    try {
      Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(broker.pid())).start();
      assertThat(kill.waitFor()).isZero();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
