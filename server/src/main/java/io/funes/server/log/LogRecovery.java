package io.funes.server.log;

import io.funes.server.common.PartitionId;
import io.funes.server.log.SegmentScan.Result;
import io.funes.server.log.file.SegmentFiles;
import io.funes.server.record.BatchLayout;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Opens what is on disk. Batches below the checkpoint were durable when it was made and are taken
 * as they are. Every batch from there on is read and checked; the log ends before the first that is
 * not right, and what comes after it is cut off. Indexes, epochs and producers are made to agree
 * with what is left.
 */
final class LogRecovery {
  private static final Logger LOG = LoggerFactory.getLogger(LogRecovery.class);

  private final Path folder;
  private final PartitionId partition;
  private final LogConfig config;
  private final LogEnvironment environment;
  private final SegmentFiles files;

  private final List<LogSegment> segments = new ArrayList<>();
  private final ProducerSequences producers;
  private final LeaderEpochs epochs = new LeaderEpochs();
  private final int leaderEpochMax;
  private boolean changed;

  LogRecovery(
      Path folder,
      PartitionId partition,
      LogConfig config,
      LogEnvironment environment,
      int leaderEpochMax) {
    this.leaderEpochMax = leaderEpochMax;
    this.folder = folder;
    this.partition = partition;
    this.config = config;
    this.environment = environment;
    this.files = environment.files();
    this.producers = new ProducerSequences(environment.producersMax());
  }

  /**
   * What was found.
   *
   * @param coveredOffset offset that the stored checkpoint covers, -1 for none
   * @param changed whether anything was read or mended that a new checkpoint should cover
   */
  record Recovered(
      List<LogSegment> segments,
      LeaderEpochs epochs,
      ProducerSequences producers,
      long coveredOffset,
      boolean changed) {}

  Recovered run() throws IOException {
    List<Long> bases = tidy();
    Optional<ProducerCheckpoint> checkpoint =
        environment.checkpoints().load(partition).filter(c -> usable(c, bases));
    if (bases.isEmpty()) {
      segments.add(LogSegment.create(files, folder, 0, config.indexIntervalBytes()));
    } else if (checkpoint.isEmpty() || !scan(bases, checkpoint.get())) {
      checkpoint = Optional.empty();
      closeSegments();
      scan(tidy(), ProducerCheckpoint.none(bases.getFirst()));
    }
    epochs.cutStart(segments.getFirst().baseOffset());
    long covered = checkpoint.map(ProducerCheckpoint::coveredOffset).orElse(-1L);
    return new Recovered(segments, epochs, producers, covered, changed);
  }

  private static boolean usable(ProducerCheckpoint checkpoint, List<Long> bases) {
    return !bases.isEmpty() && checkpoint.coveredOffset() >= bases.getFirst();
  }

  /** Base offsets of the segments; removes what an interrupted write or delete has left. */
  private List<Long> tidy() throws IOException {
    List<Path> found = files.list(folder);
    TreeSet<Long> bases = new TreeSet<>();
    for (Path file : found) {
      OptionalLong base = SegmentNames.baseOffset(file);
      if (base.isPresent() && SegmentNames.isLog(file)) {
        bases.add(base.getAsLong());
      }
    }
    for (Path file : found) {
      OptionalLong base = SegmentNames.baseOffset(file);
      boolean orphan = base.isPresent() && !bases.contains(base.getAsLong());
      if (orphan || SegmentNames.isTemporary(file)) {
        files.delete(file);
      }
    }
    return List.copyOf(bases);
  }

  /** Answers false where the log ends before what the checkpoint covers: it is of no use then. */
  private boolean scan(List<Long> bases, ProducerCheckpoint checkpoint) throws IOException {
    long covered = checkpoint.coveredOffset();
    producers.restore(checkpoint);
    epochs.restore(checkpoint.epochs());
    int first = 0;
    while (first + 1 < bases.size() && bases.get(first + 1) <= covered) {
      segments.add(
          LogSegment.sealed(
              files, folder, bases.get(first), bases.get(first + 1), config.indexIntervalBytes()));
      first++;
    }
    long expected = bases.get(first);
    boolean cut = false;
    for (long base : bases.subList(first, bases.size())) {
      LogSegment segment = LogSegment.unproven(files, folder, base, config.indexIntervalBytes());
      if (cut || base != expected) {
        drop(segment, expected);
        cut = true;
      } else {
        cut = prove(segment, covered);
        segments.add(segment);
        expected = segment.nextOffset();
      }
    }
    if (expected < covered) {
      LOG.warn("{}: ends at {}, its checkpoint at {}: reading all", folder, expected, covered);
    }
    return expected >= covered;
  }

  /** For good: it would seem right again once the log has grown. */
  private void drop(LogSegment segment, long endOffset) throws IOException {
    LOG.warn(
        "{}: removed with {} bytes, since the log ends at {}",
        segment.file().path(),
        segment.file().size(),
        endOffset);
    segment.delete();
    segment.close();
    files.forceFolder(folder);
    changed = true;
  }

  /** Reads a segment from the checkpoint on; answers whether it had to be cut. */
  private boolean prove(LogSegment segment, long covered) throws IOException {
    int fileBytes = (int) Math.min(segment.file().size(), Integer.MAX_VALUE);
    long coveredHere = covered - segment.baseOffset();
    SegmentIndex stored =
        coveredHere <= 0
            ? null
            : segment.storedIndex().filter(index -> index.logBytes() <= fileBytes).orElse(null);
    if (stored != null && stored.nextOffset() == coveredHere && stored.logBytes() == fileBytes) {
      segment.adoptStored(stored);
      return false;
    }
    changed |= fileBytes > 0;
    SegmentIndex index = stored == null ? new SegmentIndex() : stored;
    int from =
        index.nextOffset() <= coveredHere
            ? index.logBytes()
            : index.positionAtOrBefore((int) coveredHere);
    Result result =
        SegmentScan.run(segment, index, from, fileBytes, batch -> replay(batch, covered));
    segment.adopt(result.index());
    long torn = segment.file().size() - result.index().logBytes();
    if (torn > 0) {
      LOG.warn(
          "{}: cut {} bytes behind offset {}: {}",
          segment.file().path(),
          torn,
          segment.nextOffset() - 1,
          result.damage().map(CorruptBatch::reason).orElse("beyond 2 GiB"));
      segment.cutTo(result.index());
    }
    return torn > 0;
  }

  private void replay(BatchCursor batch, long covered) throws IOException {
    if (batch.baseOffset() < covered) {
      return;
    }
    batch.verifyChecksum();
    int epoch = BatchLayout.leaderEpoch(batch.header(), batch.at());
    if (epoch < epochs.latest() || epoch > leaderEpochMax) {
      // Not under the checksum.
      throw batch.corrupt("leader epoch %d after %d".formatted(epoch, epochs.latest()));
    }
    epochs.replay(epoch, batch.baseOffset());
    producers.replay(batch.header(), batch.at(), environment.ticker().epochMs());
  }

  private void closeSegments() throws IOException {
    for (LogSegment segment : segments) {
      segment.close();
    }
    segments.clear();
  }
}
