package io.funes.cli.log;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.funes.cli.CliRun;
import io.funes.cli.terminal.ExitCode;
import io.funes.proto.v1.Header;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.Records;
import io.funes.server.record.BatchLayout;
import io.funes.server.record.Codec;
import io.funes.server.record.Compression;
import io.funes.server.record.Varint;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LogDumpCommandTest {
  private static final long TIME_MS = 1_779_012_300_000L;

  @TempDir Path folder;

  @Test
  void soundSegmentShowsItsBatches() throws IOException {
    Path file = segment(batch(0, Codec.NONE, "a", "b"), batch(2, Codec.ZSTD, "c"));

    CliRun run = CliRun.of("log", "dump", file.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out().lines().toList())
        .hasSize(4)
        .satisfies(lines -> {
          assertThat(lines.get(0)).startsWith(file + ", ");
          assertThat(lines.get(1))
              .startsWith("  at 0: offsets 0..1, 2 records, 2026-05-17T10:05:00Z, ")
              .contains(", producer 7 epoch 1 sequence 5, leader epoch 3, crc ok");
          assertThat(lines.get(2)).contains("offsets 2..2, 1 records").contains(", zstd,");
          assertThat(lines.get(3)).isEqualTo("  2 batches, 3 records");
        });
  }

  @Test
  void recordsAreShownWhenAskedForCompressedOrNot() throws IOException {
    Path file = segment(batch(0, Codec.NONE, "a"), batch(1, Codec.LZ4, "b"));

    CliRun run = CliRun.of("log", "dump", file.toString(), "--records");

    assertThat(run.out())
        .contains(
            "    {\"offset\":0,\"timestamp_ms\":1779012300000,\"key\":null,\"value\":\"a\","
                + "\"headers\":[{\"name\":\"h\",\"value\":\"v\"}]}\n")
        .contains("    {\"offset\":1,\"timestamp_ms\":1779012300000,\"key\":null,\"value\":\"b\",");
  }

  @Test
  void jsonHasOneObjectPerBatch() throws IOException {
    Path file = segment(batch(10, Codec.NONE, "a"));

    CliRun run = CliRun.of("log", "dump", file.toString(), "-o", "json");

    assertThat(run.out().lines()).hasSize(1);
    assertThat(run.out())
        .startsWith("{\"file\":\"" + file + "\",\"position\":0,")
        .contains("\"base_offset\":10,\"last_offset\":10,\"record_count\":1,\"leader_epoch\":3")
        .contains("\"codec\":\"none\"")
        .endsWith("\"crc_ok\":true}\n");
  }

  @Test
  void folderIsSearchedForSegmentsInOrder() throws IOException {
    write("p/00000000000000000001.log", batch(1, Codec.NONE, "b"));
    write("p/00000000000000000000.log", batch(0, Codec.NONE, "a"));
    write("p/00000000000000000000.index", new byte[] {1, 2, 3});

    CliRun run = CliRun.of("log", "dump", folder.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out())
        .containsSubsequence("00.log", "01.log")
        .doesNotContain("00000000000000000000.index");
  }

  @Test
  void logsOfRocksDbAreNoSegments() throws IOException {
    write("p/00000000000000000000.log", batch(0, Codec.NONE, "a"));
    write("rocksdb/000018.log", new byte[] {1, 2, 3});

    CliRun run = CliRun.of("log", "dump", folder.toString());

    assertThat(run.exitCode()).isZero();
    assertThat(run.out()).doesNotContain("rocksdb");
  }

  @Test
  void changedByteIsACrcMismatch() throws IOException {
    byte[] batch = batch(0, Codec.NONE, "abc");
    batch[batch.length - 1] ^= 1;

    CliRun run = CliRun.of("log", "dump", segment(batch).toString());

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out()).contains("CRC MISMATCH");
    assertThat(run.err()).isEqualTo("funes: 1 of 1 segment files are damaged\n");
  }

  @Test
  void tornTailAtAnyByteIsToldAndTheRestShown() throws IOException {
    byte[] first = batch(0, Codec.NONE, "a");
    byte[] second = batch(1, Codec.NONE, "b");
    for (int cut = 1; cut < second.length; cut++) {
      Path file = segment(first, Arrays.copyOf(second, cut));

      CliRun run = CliRun.of("log", "dump", file.toString());

      assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
      assertThat(run.out())
          .contains("offsets 0..0")
          .contains("at %d: DAMAGED".formatted(first.length))
          .contains("1 batches, 1 records; %d bytes behind them".formatted(cut));
    }
  }

  @Test
  void fileOfSomethingElseIsDamage() throws IOException {
    CliRun run = CliRun.of("log", "dump", write("x.log", "no segment".getBytes(UTF_8)).toString());

    assertThat(run.exitCode()).isEqualTo(ExitCode.FAILED);
    assertThat(run.out()).contains("at 0: DAMAGED, no batch begins here");
  }

  @Test
  void nothingToDumpIsNotFound() {
    assertThat(CliRun.of("log", "dump", folder.resolve("none").toString()).exitCode())
        .isEqualTo(ExitCode.NOT_FOUND);
    assertThat(CliRun.of("log", "dump", folder.toString()).err())
        .contains("there are no segment files");
  }

  private Path segment(byte[]... entries) throws IOException {
    return write("00000000000000000000.log", entries);
  }

  private Path write(String name, byte[]... entries) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (byte[] entry : entries) {
      all.write(entry);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    return Files.write(file, all.toByteArray());
  }

  /** An entry of a segment file. */
  private static byte[] batch(long baseOffset, Codec codec, String... values) throws IOException {
    Records.Builder records = Records.newBuilder();
    for (String value : values) {
      records.addRecords(
          Record.newBuilder()
              .setValue(ByteString.copyFromUtf8(value))
              .addHeaders(Header.newBuilder().setName("h").setValue(ByteString.copyFromUtf8("v"))));
    }
    byte[] body = records.build().toByteArray();
    byte tag = BatchLayout.RECORDS_TAG;
    if (codec != Codec.NONE) {
      body = Compression.compress(codec, body);
      tag = BatchLayout.COMPRESSED_TAG;
    }
    int length = BatchLayout.HEADER_BYTES + 1 + Varint.size(body.length) + body.length;
    int at = 1 + Varint.size(length);
    ByteBuffer b = ByteBuffer.allocate(at + length).order(ByteOrder.LITTLE_ENDIAN);
    b.put(0, BatchLayout.ENTRY_TAG);
    Varint.write(b, 1, length);
    BatchLayout.writeHeader(b, at, codec.id(), values.length, TIME_MS, TIME_MS);
    BatchLayout.setProducer(b, at, 7, 1, 5);
    BatchLayout.assign(b, at, baseOffset, 3, 0);
    b.put(at + BatchLayout.HEADER_BYTES, tag);
    int bodyAt = Varint.write(b, at + BatchLayout.HEADER_BYTES + 1, body.length);
    b.put(bodyAt, body);
    BatchLayout.setCrc(b, at, BatchLayout.computeCrc(b, at, length));
    return b.array();
  }
}
