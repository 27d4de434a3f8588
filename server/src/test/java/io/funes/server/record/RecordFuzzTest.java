package io.funes.server.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import com.sun.management.ThreadMXBean;
import io.funes.proto.v1.Records;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.RefusedException;
import io.funes.server.testing.TestBatch;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Bytes from a client that are wrong in every way are refused, and cost no more than their size.
 */
class RecordFuzzTest {
  private static final long SEED = 1942;
  private static final int BODY_BYTES_MAX = 1 << 20;
  private static final BodyRules RULES = new BodyRules(1 << 20, BODY_BYTES_MAX, false);

  private final Random random = new Random(SEED);
  private final BatchValidator validator = new BatchValidator();
  private final EntryBuilder entries = new EntryBuilder();
  private final RecordsWalk walk = new RecordsWalk();

  private static ByteBuffer direct(byte[] bytes) {
    return ByteBuffer.allocateDirect(bytes.length).order(ByteOrder.LITTLE_ENDIAN).put(0, bytes);
  }

  private static byte[] batch(Codec codec) {
    ByteBuffer entry =
        TestBatch.of("first", "second", "a longer third value")
            .timesMs(5, 1 << 20, 7)
            .producer(5, 6, 7)
            .codec(codec)
            .entry();
    int at = EntryBuilder.batchAt(entry);
    byte[] bytes = new byte[entry.limit() - at];
    entry.get(at, bytes);
    return bytes;
  }

  /** What a broker does with an encoded batch; true if it takes it. */
  private boolean taken(byte[] batch) {
    ByteBuffer b = ByteBuffer.allocateDirect(batch.length + 6).order(ByteOrder.LITTLE_ENDIAN);
    int at = Varint.write(b.put(0, (byte) 0x12), 1, batch.length);
    b.put(at, batch);
    try {
      ByteBuffer entry = entries.fromBatch(b, 0, at, batch.length);
      int batchAt = EntryBuilder.batchAt(entry);
      validator.check(entry, batchAt, entry.limit() - batchAt, RULES);
      return true;
    } catch (RefusedException e) {
      return false;
    }
  }

  private void mutate(byte[] bytes) {
    for (int i = random.nextInt(3); i >= 0; i--) {
      bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
    }
  }

  @Test
  void randomBodiesAreRefusedOrParseEverywhere() throws InvalidProtocolBufferException {
    int taken = 0;
    for (int i = 0; i < 200_000; i++) {
      byte[] body = i % 2 == 0 ? new byte[random.nextInt(60)] : legalBody();
      if (i % 2 == 0) {
        random.nextBytes(body);
      } else {
        mutate(body);
      }
      try {
        walk.over(direct(body), 0, body.length, 1_000, RULES);
      } catch (RefusedException e) {
        continue;
      }
      taken++;
      assertThat(Records.parseFrom(body).getRecordsCount()).isEqualTo(walk.count());
    }
    assertThat(taken).as("some mutations leave a body legal").isPositive();
  }

  private static byte[] legalBody() {
    byte[] batch = batchOfNoCodec();
    byte[] body = new byte[batch.length - 82];
    System.arraycopy(batch, 82, body, 0, body.length);
    return body;
  }

  private static final byte[] PLAIN = batch(Codec.NONE);

  private static byte[] batchOfNoCodec() {
    return PLAIN.clone();
  }

  @Test
  void mutatedBatchesAreRefusedByTheirChecksum() {
    for (int i = 0; i < 200_000; i++) {
      byte[] batch = batchOfNoCodec();
      mutate(batch);
      taken(batch);
    }
    assertThat(taken(batchOfNoCodec())).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Codec.class)
  void mutatedBatchesWithoutChecksumAreRefusedOrTaken(Codec codec) {
    byte[] legal = batch(codec);
    assertThat(taken(legal)).isTrue();
    int rounds = codec == Codec.NONE ? 100_000 : 5_000;
    for (int i = 0; i < rounds; i++) {
      byte[] batch = legal.clone();
      for (int k = 24; k < 28; k++) {
        batch[k] = 0;
      }
      mutate(batch);
      taken(batch);
    }
  }

  @ParameterizedTest
  @EnumSource(value = Codec.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  void aSmallBodyCannotAskForMuchMemory(Codec codec) throws Exception {
    byte[] bomb = Compression.compress(codec, new byte[64 << 20]);
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = threads.getCurrentThreadAllocatedBytes();

    Throwable refused =
        catchThrowable(
            () -> Compression.decompress(codec, direct(bomb), 0, bomb.length, BODY_BYTES_MAX));

    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(refused).isInstanceOf(RefusedException.class);
    assertThat(((RefusedException) refused).code()).isEqualTo(ErrorCode.BATCH_TOO_LARGE);
    assertThat(allocated).isLessThan(bomb.length + 12L * BODY_BYTES_MAX);
  }

  @Test
  void snappyLengthsThatLieAreNotBelieved() throws Exception {
    byte[] honest = Compression.compress(Codec.SNAPPY, new byte[100]);
    byte[] longChunk = honest.clone();
    longChunk[16] = 0x1f;
    byte[] longBlock = honest.clone();
    for (int i = 20; i < 24; i++) {
      longBlock[i] = (byte) 0xff;
    }
    longBlock[24] = 0x07;
    byte[] raw = org.xerial.snappy.Snappy.compress(new byte[100]);
    raw[0] = (byte) 0xff;
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (byte[] lie : new byte[][] {longChunk, longBlock, raw}) {
      long before = threads.getCurrentThreadAllocatedBytes();

      Throwable refused =
          catchThrowable(() ->
              Compression.decompress(Codec.SNAPPY, direct(lie), 0, lie.length, BODY_BYTES_MAX));

      assertThat(refused).isInstanceOf(RefusedException.class);
      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(8L * BODY_BYTES_MAX);
    }
  }

  /** A zstd frame of one stored block of "x" that asks for a window of so much. */
  private static byte[] zstdFrame(int windowLog) {
    byte windowDescriptor = (byte) ((windowLog - 10) << 3);
    return new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, windowDescriptor, 9, 0, 0, 'x'};
  }

  @Test
  void aZstdFrameCannotAskForMoreMemoryThanItsFormatRecommends() {
    byte[] modest = zstdFrame(23);
    byte[] greedy = zstdFrame(24);

    assertThat(Compression.decompress(Codec.ZSTD, direct(modest), 0, modest.length, BODY_BYTES_MAX))
        .containsExactly('x');
    assertThat(
            catchThrowableOfType(
                RefusedException.class,
                () -> Compression.decompress(Codec.ZSTD, direct(greedy), 0, greedy.length, 100)))
        .hasMessageContaining("window")
        .extracting(RefusedException::code)
        .isEqualTo(ErrorCode.INVALID_CODEC);
  }

  /** The library sees to it; its stream once allocated 8 MiB for each header. */
  @Test
  void anLz4FrameTakesWhatItsBlocksHoldAndNotWhatItsHeaderNames() throws Exception {
    byte[] small = Compression.compress(Codec.LZ4, "small".getBytes(StandardCharsets.UTF_8));
    assertThat(small[5] >> 4).as("the header names blocks of 4 MiB").isEqualTo(7);
    byte[] lyingBlock = small.clone();
    lyingBlock[9] = 0x3f;
    byte[] empty = Compression.compress(Codec.LZ4, new byte[0]);
    byte[] manyFrames = new byte[1_000 * empty.length];
    for (int i = 0; i < 1_000; i++) {
      System.arraycopy(empty, 0, manyFrames, i * empty.length, empty.length);
    }
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    for (byte[] frames : new byte[][] {small, lyingBlock, manyFrames}) {
      long before = threads.getCurrentThreadAllocatedBytes();

      Throwable refused =
          catchThrowable(() ->
              Compression.decompress(Codec.LZ4, direct(frames), 0, frames.length, BODY_BYTES_MAX));

      assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(BODY_BYTES_MAX);
      assertThat(refused == null).isEqualTo(!Arrays.equals(frames, lyingBlock));
    }
  }

  @Test
  void lengthsThatSomeParsersRefuseAreNotStored() {
    byte[] padded = {0x0a, (byte) 0x85, (byte) 0x80, (byte) 0x80, (byte) 0x80, (byte) 0x80, 0x00};
    byte[] record = {0x12, 3, 'a', 'b', 'c'};
    byte[] body = new byte[padded.length + record.length];
    System.arraycopy(padded, 0, body, 0, padded.length);
    System.arraycopy(record, 0, body, padded.length, record.length);

    assertThat(catchThrowable(() -> walk.over(direct(body), 0, body.length, 1, RULES)))
        .isInstanceOf(RefusedException.class);
  }
}
