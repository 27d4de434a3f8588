package io.funes.server.log.file;

import io.funes.server.log.file.ChannelSegmentFiles.Opener;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A segment behind a {@link FileChannel}, which is opened on first use: most sealed segments are
 * never read again, and file descriptors are few.
 *
 * <p>An interrupt closes a channel under everybody who uses it. That is undone here: the channel is
 * opened again, the work repeated, and the interrupt kept for its thread.
 */
final class ChannelSegmentFile implements SegmentFile {
  private static final Logger LOG = LoggerFactory.getLogger(ChannelSegmentFile.class);

  private final Path path;
  private final Opener opener;
  private volatile long size;
  private volatile FileChannel channel;

  /** Readers that hold the file, and one for the owner until it closes it. */
  private final AtomicInteger holders = new AtomicInteger(1);

  private volatile boolean closing;
  private volatile boolean closed;

  ChannelSegmentFile(Path path, Opener opener, long size, FileChannel channel) {
    this.path = path;
    this.channel = channel;
    this.opener = opener;
    this.size = size;
  }

  @Override
  public Path path() {
    return path;
  }

  @Override
  public long size() {
    return size;
  }

  @Override
  public void append(ByteBuffer bytes) throws IOException {
    long start = size;
    int first = bytes.position();
    int length = bytes.remaining();
    try {
      run(open -> {
        bytes.position(first);
        long position = start;
        while (bytes.hasRemaining()) {
          position += open.write(bytes, position);
        }
        return 0;
      });
    } catch (IOException e) {
      bytes.position(first);
      cutBackTo(start, e);
      throw e;
    }
    size = start + length;
  }

  private void cutBackTo(long start, IOException cause) throws IOException {
    try {
      run(open -> cut(open, start));
    } catch (IOException e) {
      e.addSuppressed(cause);
      throw new IOException("%s has a torn tail that cannot be cut".formatted(path), e);
    }
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    int first = target.position();
    return run(open -> {
      target.position(first);
      long from = position;
      while (target.hasRemaining()) {
        int read = open.read(target, from);
        if (read < 0) {
          break;
        }
        from += read;
      }
      return target.position() - first;
    });
  }

  @Override
  public void truncate(long newSize) throws IOException {
    if (newSize < 0 || newSize > size) {
      throw new IllegalArgumentException("cut to %d of %d bytes".formatted(newSize, size));
    }
    run(open -> cut(open, newSize));
    size = newSize;
  }

  @Override
  public void force() throws IOException {
    run(open -> {
      open.force(false);
      return 0;
    });
  }

  @Override
  public boolean hold() {
    return !closing && holders.getAndUpdate(count -> count == 0 ? 0 : count + 1) > 0;
  }

  @Override
  public void release() {
    try {
      leave();
    } catch (IOException e) {
      LOG.warn("{}: not closed", path, e);
    }
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      if (closing) {
        return;
      }
      closing = true;
    }
    leave();
  }

  private void leave() throws IOException {
    if (holders.decrementAndGet() == 0) {
      synchronized (this) {
        closed = true;
        if (channel != null) {
          channel.close();
        }
      }
    }
  }

  private static int cut(FileChannel open, long newSize) throws IOException {
    open.truncate(newSize);
    return 0;
  }

  private int run(Work work) throws IOException {
    boolean interrupted = Thread.interrupted();
    try {
      while (true) {
        try {
          return work.on(channel());
        } catch (ClosedByInterruptException e) {
          Thread.interrupted();
          interrupted = true;
        } catch (ClosedChannelException e) {
          if (closed) {
            throw e;
          }
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private FileChannel channel() throws IOException {
    FileChannel open = channel;
    return open != null && open.isOpen() ? open : reopened();
  }

  private synchronized FileChannel reopened() throws IOException {
    if (closed) {
      throw new ClosedChannelException();
    }
    if (channel == null || !channel.isOpen()) {
      channel = opener.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }
    return channel;
  }

  /** One or more calls that are right to repeat from their beginning. */
  private interface Work {
    int on(FileChannel open) throws IOException;
  }
}
