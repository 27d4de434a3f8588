package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.testing.TestBatch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a follower does to its log. */
class ReplicaLogTest {
  @TempDir Path folder;
  private LogFixture leader;
  private LogFixture follower;

  @BeforeEach
  void open() throws IOException {
    leader = LogFixture.opened(folder.resolve("leader"));
    follower = LogFixture.opened(folder.resolve("follower"));
    leader.append(TestBatch.of("a", "b").producer(7, 0, 0), 1);
    leader.append(TestBatch.of("c"), 1);
    leader.append(TestBatch.of("d"), 3);
  }

  @AfterEach
  void close() throws IOException {
    leader.close();
    follower.close();
  }

  @Test
  void aCopyIsTheSameToTheByte() throws Exception {
    follower.log.appendReplica(entries(0));

    assertThat(follower.file(0, ".log")).hasSameBinaryContentAs(leader.file(0, ".log"));
    assertThat(follower.log.logEndOffset()).isEqualTo(4);
    assertThat(follower.log.lastEpoch()).isEqualTo(3);
    assertThat(follower.log.producers().check(7, 0, 0, 2))
        .isEqualTo(new Verdict.Duplicate(0, 1, 0));
  }

  @Test
  void entriesThatBelongTogetherAreWrittenTogether() throws Exception {
    long before = follower.disk.writes();

    follower.log.appendReplica(entries(0));

    assertThat(follower.disk.writes() - before).isEqualTo(1);
  }

  @Test
  void aCopySpansAsManySegmentsAsItNeeds() throws Exception {
    int batchBytes = bytes(leader.log.read(3, 1, Long.MAX_VALUE)).length;
    follower.segmentBytes(2 * batchBytes);

    follower.log.appendReplica(entries(0));
    for (String value : List.of("e", "f", "g")) {
      leader.append(TestBatch.of(value), 3);
    }
    follower.log.appendReplica(entries(4));

    assertThat(follower.values()).containsExactly("a", "b", "c", "d", "e", "f", "g");
    assertThat(follower.files(".log")).hasSizeGreaterThan(2);
  }

  @Test
  void epochsEndWhereTheNextBegins() {
    assertThat(leader.log.epochEnd(0)).isEmpty();
    assertThat(leader.log.epochEnd(1)).hasValue(new EpochEnd(1, 3));
    assertThat(leader.log.epochEnd(2)).hasValue(new EpochEnd(1, 3));
    assertThat(leader.log.epochEnd(3)).hasValue(new EpochEnd(3, 4));
    assertThat(leader.log.epochEnd(9)).hasValue(new EpochEnd(3, 4));
  }

  @Test
  void whatDoesNotContinueTheLogIsRefusedAsAWhole() throws IOException {
    ByteBuffer later = entries(2);

    assertThatThrownBy(() -> follower.log.appendReplica(later))
        .isInstanceOf(ReplicaMismatch.class)
        .hasMessage("offset 2 where 0 follows");
    assertThat(follower.log.logEndOffset()).isZero();
  }

  @Test
  void anOlderEpochIsRefused() throws IOException {
    follower.append(TestBatch.of("x", "y"), 2);

    assertThatThrownBy(() -> follower.log.appendReplica(entries(2)))
        .isInstanceOf(ReplicaMismatch.class)
        .hasMessage("leader epoch 1 after 2");
  }

  @Test
  void damageIsSeenWhereverSomethingVouchesForTheBytes() throws IOException {
    follower.log.restartAt(2);
    int epochAt = 2 + 10;
    int appendTimeAt = 2 + 15;
    byte[] good = bytes(leader.log.read(2, 1, Long.MAX_VALUE));
    for (int i = 0; i < good.length; i++) {
      boolean vouched =
          (i < epochAt || i >= epochAt + 4) && (i < appendTimeAt || i >= appendTimeAt + 8);
      if (vouched) {
        byte[] bad = good.clone();
        bad[i] ^= 0x08;
        assertThatThrownBy(() -> follower.log.appendReplica(ByteBuffer.wrap(bad)))
            .as("byte %d", i)
            .isInstanceOf(ReplicaMismatch.class);
      }
    }
    assertThat(follower.log.logEndOffset()).isEqualTo(2);
  }

  @Test
  void aLogBeginsAnewWhereTheLeaderBegins() throws Exception {
    follower.append(TestBatch.of("old").producer(9, 0, 0), 0);
    follower.checkpoint();

    follower.log.restartAt(2);
    assertThat(follower.log.logStartOffset()).isEqualTo(2);
    assertThat(follower.log.lastEpoch()).isEqualTo(-1);
    assertThat(follower.log.producers().size()).isZero();
    follower.log.appendReplica(entries(2));

    follower.kill();
    assertThat(follower.log.logStartOffset()).isEqualTo(2);
    assertThat(follower.values()).containsExactly("c", "d");
    assertThat(follower.log.epochEnd(1)).hasValue(new EpochEnd(1, 3));
  }

  /** Readers take no lock. */
  @Test
  void readersOfALogThatBeginsAnewFindTheOldOneUntilItIsGone() throws IOException {
    follower.append("old");
    List<Boolean> found = new ArrayList<>();
    follower.disk.onNameChange(() -> found.add(hasOffset0()));

    follower.log.restartAt(2);

    assertThat(found).isNotEmpty().containsOnly(true);
    assertThat(hasOffset0()).isFalse();
  }

  /** As a reader by offset sees it, and one by time. */
  private boolean hasOffset0() {
    try {
      boolean timed = follower.log.offsetForTime(0).isPresent();
      try (LogSlice slice = follower.log.read(0, 1 << 20, Long.MAX_VALUE)) {
        assertThat(slice.recordCount()).isEqualTo(1);
        assertThat(timed).isTrue();
        return true;
      } catch (OffsetGone e) {
        assertThat(timed).isFalse();
        return false;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private ByteBuffer entries(long offset) throws IOException {
    return ByteBuffer.wrap(bytes(leader.log.read(offset, 1 << 20, Long.MAX_VALUE)));
  }

  private static byte[] bytes(LogSlice slice) throws IOException {
    try (slice) {
      return slice.bytes().array();
    }
  }
}
