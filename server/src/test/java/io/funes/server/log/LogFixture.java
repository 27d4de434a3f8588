package io.funes.server.log;

import com.google.protobuf.InvalidProtocolBufferException;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.Segment;
import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.testing.FaultySegmentFiles;
import io.funes.server.testing.ManualScheduler;
import io.funes.server.testing.MemoryProducerCheckpoints;
import io.funes.server.testing.TestBatch;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/** One log on a disk that can fail. */
final class LogFixture implements AutoCloseable {
  static final LogConfig CONFIG = new LogConfig(1 << 20, 3_600_000, -1, -1, 256);
  static final PartitionId PARTITION = new PartitionId(new TopicId(new UUID(1, 2)), 3);

  final FaultySegmentFiles disk = new FaultySegmentFiles();
  final ManualScheduler time = new ManualScheduler();
  final MemoryProducerCheckpoints checkpoints = new MemoryProducerCheckpoints();
  final Path folder;
  LogConfig config = CONFIG;
  int leaderEpochMax = Integer.MAX_VALUE;
  PartitionLog log;

  LogFixture(Path folder) {
    this.folder = folder.resolve("partition");
  }

  static LogFixture opened(Path folder) throws IOException {
    LogFixture fixture = new LogFixture(folder);
    fixture.open();
    return fixture;
  }

  LogFixture segmentBytes(int bytes) {
    config = new LogConfig(bytes, config.segmentMs(), -1, -1, config.indexIntervalBytes());
    if (log != null) {
      log.configure(config);
    }
    return this;
  }

  LogEnvironment environment() {
    return new LogEnvironment(time, time, disk, checkpoints, 100, 1_000_000);
  }

  PartitionLog open() throws IOException {
    log = PartitionLog.open(folder, PARTITION, config, environment(), leaderEpochMax);
    return log;
  }

  /** A clean stop and start. */
  PartitionLog restart() throws IOException {
    log.close();
    checkpoints.flush();
    checkpoints.kill();
    return open();
  }

  /** The process dies: what it wrote to files is there, what it kept in memory is not. */
  PartitionLog kill() throws IOException {
    time.clear();
    checkpoints.kill();
    return open();
  }

  /** The machine dies: only what was synced is there. */
  PartitionLog losePower() throws IOException {
    disk.losePower();
    return kill();
  }

  /** A checkpoint that lasts. */
  void checkpoint() throws IOException {
    log.checkpoint();
    checkpoints.flush();
  }

  Appended append(TestBatch batch) throws IOException {
    return append(batch, 0);
  }

  Appended append(TestBatch batch, int leaderEpoch) throws IOException {
    return log.append(batch.entry(), leaderEpoch, 0);
  }

  Appended append(String... values) throws IOException {
    return append(TestBatch.of(values));
  }

  /** The values from {@code offset} to the end, read slice by slice. */
  List<String> valuesFrom(long offset, int bytesMax) throws IOException {
    List<String> values = new ArrayList<>();
    long next = offset;
    while (next < log.logEndOffset()) {
      LogSlice slice = log.read(next, bytesMax, Long.MAX_VALUE);
      for (RecordBatch batch : batches(slice)) {
        long at = batch.getBaseOffset();
        for (Record record : batch.getRecords().getRecordsList()) {
          if (at++ >= next) {
            values.add(record.getValue().toStringUtf8());
          }
        }
      }
      next = slice.nextOffset();
    }
    return values;
  }

  /** Where the log's leader epochs begin. */
  List<LeaderEpochs.Boundary> epochs() {
    return log.producerCheckpoint().epochs();
  }

  List<String> values() throws IOException {
    return valuesFrom(log.logStartOffset(), 1 << 20);
  }

  /** A slice as any client parses it. */
  static List<RecordBatch> batches(LogSlice slice) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    slice.transferTo(out);
    return parse(out.toByteArray());
  }

  static List<RecordBatch> parse(byte[] segment) throws InvalidProtocolBufferException {
    return Segment.parseFrom(segment).getBatchesList();
  }

  /** Files of this kind, by name. */
  List<Path> files(String suffix) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.filter(file -> file.toString().endsWith(suffix)).sorted().toList();
    }
  }

  Path file(long baseOffset, String suffix) {
    return folder.resolve(SegmentNames.of(baseOffset) + suffix);
  }

  @Override
  public void close() throws IOException {
    log.close();
    time.advanceMs(60_000);
  }
}
