package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Many seeds must pass, and must not where a rule is taken out of the production code. */
class SimulationTest {
  private static final int SEEDS = Integer.getInteger("funes.seeds", 2_000);
  private static final long FIRST_SEED = Long.getLong("funes.seed", 1);
  private static final int SEEDS_TO_FIND_A_BUG = 2_000;

  @Test
  void nothingAcknowledgedIsLostWhateverFails() {
    assertThat(SimulatedSeeds.run(FIRST_SEED, SEEDS)).isGreaterThan(50L * SEEDS);
  }

  /** Bugs that some system has shipped, or would have without a rule of docs/replication.md. */
  static Stream<Arguments> bugs() {
    return Stream.of(
        bug(
            "KAFKA-14704: a follower believes a high watermark before it has cut its log",
            "replication/FollowerPartition",
            "    log.truncateTo(",
            "    highWatermark = Math.max(highWatermark, log.logEndOffset());\n    log.truncateTo("),
        bug(
            "KAFKA-10706: leader epochs are not cut with the log",
            "log/PartitionLog",
            "          epochs.cutEnd(logEndOffset);\n",
            ""),
        bug(
            "rule 6: the high watermark counts what followers have of other epochs",
            "replication/FollowerFeed",
            "    Optional<FromLeader> first = leader.compare(follow);",
            "    leader.acknowledged(followerId, brokerEpoch, follow.logEndOffset());\n"
                + "    Optional<FromLeader> first = leader.compare(follow);"),
        bug(
            "rule 2: logs are not compared",
            "replication/LogComparison",
            "    return end.epoch() == follow.lastEpoch() && follow.logEndOffset()",
            "    return true || follow.logEndOffset()"),
        bug(
            "rule 5: the watermark does not wait for those that may be in sync already",
            "replication/InSyncReplicas",
            "    if (pending != null) {\n      for",
            "    if (pending == null) {\n      for"),
        bug(
            "rule 5: the watermark rises with too few in sync",
            "replication/InSyncReplicas",
            "    if (!enough()) {\n      return;\n    }\n    long reached",
            "    long reached"),
        bug(
            "rule 7: a replica comes in sync before it has all that the leader began with",
            "replication/InSyncReplicas",
            "        && follower.offset >= epochStartOffset;",
            "        ;"),
        bug(
            "rule 8: an unknown outcome is taken for a refusal",
            "replication/InSyncRequests",
            "        scheduler.schedule(() -> ask(wanted), TimeUnit.MILLISECONDS.toNanos(RETRY_MS));",
            "        wanted.forEach(asked -> asked.leader.answered(asked.change));\n        done();"),
        bug(
            "a leader takes out of sync whom it likes, without the controller",
            "replication/InSyncReplicas",
            "    for (int i = 0; i < image.inSync().size(); i++) {",
            "    for (int i = 0; i < (pending == null ? image.inSync().size() : 0); i++) {"),
        bug(
            "flush=before-ack: a follower acknowledges what is not on its disk",
            "replication/FollowerPartition",
            "if (rules.flush() == FlushPolicy.BEFORE_ACK",
            "if (rules == null"),
        bug(
            "rule 15: a follower shows what is not committed",
            "replication/FollowerPartition",
            "Math.min(push.highWatermark(), log.logEndOffset())",
            "log.logEndOffset()"));
  }

  private static Arguments bug(String what, String file, String original, String planted) {
    return Arguments.of(what, new PlantedBug(file, original, planted));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("bugs")
  void aPlantedBugIsFound(String what, PlantedBug bug) throws Exception {
    assertThat(bug.firstFinding(SEEDS_TO_FIND_A_BUG)).as(what).isPresent();
  }
}
