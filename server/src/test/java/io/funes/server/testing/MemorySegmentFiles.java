package io.funes.server.testing;

import io.funes.server.log.file.SegmentFile;
import io.funes.server.log.file.SegmentFiles;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A disk in memory for simulations: quick, and without its bytes that were not forced when the
 * power goes. A cut that was not forced is undone then: what was cut is back, every other time
 * behind what was written in its place. Names are durable at once.
 */
public final class MemorySegmentFiles implements SegmentFiles {
  private final TreeMap<Path, Content> files = new TreeMap<>();
  private long lives;

  private static final class Content {
    byte[] bytes = new byte[256];
    int size;
    int forced;

    /** What the disk has behind the forced bytes until the next sync: they have been cut off. */
    byte[] cut = {};

    void truncate(int newSize) {
      if (newSize < forced) {
        ByteBuffer more = ByteBuffer.allocate(forced - newSize + cut.length);
        cut = more.put(bytes, newSize, forced - newSize).put(cut).array();
        forced = newSize;
      }
      size = newSize;
    }

    void force() {
      forced = size;
      cut = new byte[0];
    }

    void losePower(boolean writtenBack) {
      size = cut.length > 0 && writtenBack ? size : Math.min(size, forced);
      int covered = Math.min(size - forced, cut.length);
      if (covered >= 0) {
        append(ByteBuffer.wrap(cut, covered, cut.length - covered));
      }
      force();
    }

    void append(ByteBuffer source) {
      int more = source.remaining();
      if (size + more > bytes.length) {
        bytes = Arrays.copyOf(bytes, Math.max(2 * bytes.length, size + more));
      }
      source.get(bytes, size, more);
      size += more;
    }
  }

  /** The process dies: what it had open is closed, what it wrote is there. */
  public synchronized void crash() {
    lives++;
  }

  /** The machine dies: every file ends where it was last forced, or where that was cut. */
  public synchronized void losePower() {
    crash();
    files.values().forEach(content -> content.losePower(lives % 2 == 0));
  }

  /** Somebody has emptied the disk. */
  public synchronized void erase() {
    crash();
    files.clear();
  }

  @Override
  public synchronized SegmentFile open(Path path) {
    return new Open(path, files.computeIfAbsent(path, _ -> new Content()), lives);
  }

  @Override
  public synchronized List<Path> list(Path folder) {
    return files.keySet().stream().filter(path -> path.getParent().equals(folder)).toList();
  }

  @Override
  public synchronized Optional<ByteBuffer> load(Path path) {
    return Optional.ofNullable(files.get(path))
        .map(content ->
            ByteBuffer.wrap(Arrays.copyOf(content.bytes, content.size))
                .order(ByteOrder.LITTLE_ENDIAN));
  }

  @Override
  public synchronized void replace(Path path, ByteBuffer source, boolean synced) {
    Content content = new Content();
    content.append(source);
    content.forced = synced ? content.size : 0;
    files.put(path, content);
  }

  @Override
  public synchronized void delete(Path path) {
    files.remove(path);
  }

  @Override
  public void deleteFolder(Path folder) {
    // A folder is there as long as it has files.
  }

  @Override
  public void forceFolder(Path folder) {
    // Names are durable at once.
  }

  private final class Open implements SegmentFile {
    private final Path path;
    private final Content content;
    private final long life;
    private boolean closed;
    private int holds;

    Open(Path path, Content content, long life) {
      this.path = path;
      this.content = content;
      this.life = life;
    }

    private void requireOpen() throws IOException {
      if (life != lives || (closed && holds == 0)) {
        throw new ClosedChannelException();
      }
    }

    @Override
    public Path path() {
      return path;
    }

    @Override
    public long size() {
      return content.size;
    }

    @Override
    public void append(ByteBuffer bytes) throws IOException {
      requireOpen();
      content.append(bytes);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      requireOpen();
      int count = Math.clamp(content.size - position, 0, target.remaining());
      target.put(content.bytes, (int) position, count);
      return count;
    }

    @Override
    public boolean hold() {
      if (closed) {
        return false;
      }
      holds++;
      return true;
    }

    @Override
    public void release() {
      holds--;
    }

    @Override
    public void truncate(long newSize) throws IOException {
      requireOpen();
      content.truncate((int) newSize);
    }

    @Override
    public void force() throws IOException {
      requireOpen();
      content.force();
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
