package io.funes.server.testing;

import io.funes.server.log.file.ChannelSegmentFiles;
import io.funes.server.log.file.SegmentFile;
import io.funes.server.log.file.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * A disk that fails when it is told to: it is full after so many more bytes, cannot sync, cannot
 * cut a file, or loses power and with it every byte that was not synced, while files are back that
 * were deleted or replaced since their folder was. The files are real ones, and all but the channel
 * is the production code.
 */
public final class FaultySegmentFiles implements SegmentFiles {
  private final ChannelSegmentFiles disk = new ChannelSegmentFiles(this::open);
  private final Map<Path, Long> syncedBytes = new ConcurrentHashMap<>();
  private final Map<Path, byte[]> former = new ConcurrentHashMap<>();
  private final Map<FaultySegmentFile, Boolean> channels = new ConcurrentHashMap<>();

  private final AtomicLong freeBytes = new AtomicLong(Long.MAX_VALUE);
  private volatile boolean syncFails;
  volatile boolean cutFails;
  private final AtomicReference<Runnable> duringNextRead = new AtomicReference<>(() -> {});
  private final AtomicLong bytesRead = new AtomicLong();
  private final AtomicLong writes = new AtomicLong();
  private final AtomicLong syncs = new AtomicLong();
  private final AtomicLong folderSyncs = new AtomicLong();
  private Runnable onNameChange = () -> {};

  /** From now on the disk takes {@code bytes} more. */
  public void freeBytes(long bytes) {
    freeBytes.set(bytes);
  }

  /** The next syncs fail as a broken device makes them fail. */
  public void failSync(boolean fails) {
    syncFails = fails;
  }

  /** Files cannot be cut. */
  public void failCut(boolean fails) {
    cutFails = fails;
  }

  /** What others do meanwhile, whenever a file is about to be opened or deleted. */
  public void onNameChange(Runnable others) {
    onNameChange = others;
  }

  /** What somebody else does while the next read is under way. */
  public void duringNextRead(Runnable work) {
    duringNextRead.set(work);
  }

  /** Files that are open now. */
  public int openFiles() {
    return channels.size();
  }

  /** Bytes read since the beginning. */
  public long bytesRead() {
    return bytesRead.get();
  }

  /** Calls that wrote something since the beginning. */
  public long writes() {
    return writes.get();
  }

  /** Syncs that succeeded since the beginning. */
  public long syncs() {
    return syncs.get();
  }

  /** Syncs of folders since the beginning. */
  public long folderSyncs() {
    return folderSyncs.get();
  }

  /** What was written to files is on the disk, without a sync: the system had time. */
  public void writeBack() {
    syncedBytes.replaceAll((path, synced) -> path.toFile().length());
  }

  /**
   * Cuts every file to what was synced, and every open file off from its user. Names that have
   * nothing then are those of the former files again.
   */
  public void losePower() throws IOException {
    for (FaultySegmentFile channel : channels.keySet()) {
      channel.losePower();
    }
    channels.clear();
    for (Map.Entry<Path, Long> file : syncedBytes.entrySet()) {
      if (Files.exists(file.getKey()) && Files.size(file.getKey()) > file.getValue()) {
        try (FileChannel channel = FileChannel.open(file.getKey(), StandardOpenOption.WRITE)) {
          channel.truncate(file.getValue());
        }
      }
    }
    for (Map.Entry<Path, byte[]> file : former.entrySet()) {
      if (file.getKey().toFile().length() == 0) {
        Files.write(file.getKey(), file.getValue());
      }
    }
    former.clear();
  }

  @Override
  public SegmentFile open(Path path) throws IOException {
    onNameChange.run();
    return disk.open(path);
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    return disk.list(folder);
  }

  @Override
  public Optional<ByteBuffer> load(Path path) throws IOException {
    return disk.load(path);
  }

  @Override
  public void replace(Path path, ByteBuffer content, boolean synced) throws IOException {
    keepFormer(path);
    long bytes = content.remaining();
    // Syncs are pretended: real ones would make seeded tests slow.
    disk.replace(path, content, false);
    if (synced) {
      failIfSyncFails();
      syncs.incrementAndGet();
    }
    syncedBytes.put(path, synced ? bytes : 0);
  }

  @Override
  public void delete(Path path) throws IOException {
    onNameChange.run();
    keepFormer(path);
    disk.delete(path);
    syncedBytes.remove(path);
  }

  @Override
  public void deleteFolder(Path folder) throws IOException {
    disk.deleteFolder(folder);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    failIfSyncFails();
    folderSyncs.incrementAndGet();
    former.keySet().removeIf(path -> path.getParent().equals(folder));
  }

  private void keepFormer(Path path) throws IOException {
    if (Files.exists(path)) {
      byte[] bytes = Files.readAllBytes(path);
      long synced = syncedBytes.getOrDefault(path, (long) bytes.length);
      former.putIfAbsent(path, Arrays.copyOf(bytes, (int) synced));
    }
  }

  void failIfSyncFails() throws IOException {
    if (syncFails) {
      throw new IOException("Input/output error");
    }
  }

  private FileChannel open(Path path, OpenOption... options) throws IOException {
    syncedBytes.computeIfAbsent(path, p -> p.toFile().length());
    FaultySegmentFile channel = new FaultySegmentFile(this, path, FileChannel.open(path, options));
    channels.put(channel, true);
    return channel;
  }

  /** Takes up to {@code bytes} of the room that is left. */
  int take(int bytes) {
    writes.incrementAndGet();
    long room = freeBytes.get();
    int taken = (int) Math.min(bytes, room);
    if (room != Long.MAX_VALUE) {
      freeBytes.addAndGet(-taken);
    }
    return taken;
  }

  void read(int bytes) {
    bytesRead.addAndGet(Math.max(0, bytes));
    duringNextRead.getAndSet(() -> {}).run();
  }

  void synced(Path path, long bytes) {
    syncs.incrementAndGet();
    syncedBytes.put(path, bytes);
  }

  void cut(Path path, long bytes) {
    syncedBytes.computeIfPresent(path, (p, synced) -> Math.min(synced, bytes));
  }

  void closed(FaultySegmentFile channel) {
    channels.remove(channel);
  }
}
