package io.funes.server.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;

/** An open file of a {@link FaultySegmentFiles} disk: fails as the disk is told to. */
final class FaultySegmentFile extends FileChannel {
  private final FaultySegmentFiles disk;
  private final Path path;
  private final FileChannel channel;
  private volatile boolean powerLost;

  FaultySegmentFile(FaultySegmentFiles disk, Path path, FileChannel channel) {
    this.disk = disk;
    this.path = path;
    this.channel = channel;
  }

  void losePower() throws IOException {
    powerLost = true;
    channel.close();
  }

  @Override
  public int read(ByteBuffer target, long position) throws IOException {
    requirePower();
    int bytes = channel.read(target, position);
    disk.read(bytes);
    return bytes;
  }

  /** A full disk takes what fits and refuses the rest, like a real one. */
  @Override
  public int write(ByteBuffer source, long position) throws IOException {
    requirePower();
    int fits = disk.take(source.remaining());
    if (fits == 0 && source.hasRemaining()) {
      throw new IOException("No space left on device");
    }
    ByteBuffer part = source.slice(source.position(), fits);
    int written = channel.write(part, position);
    source.position(source.position() + written);
    return written;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    int written = write(source, channel.position());
    channel.position(channel.position() + written);
    return written;
  }

  @Override
  public FileChannel truncate(long size) throws IOException {
    requirePower();
    if (disk.cutFails) {
      throw new IOException("Input/output error");
    }
    channel.truncate(size);
    disk.cut(path, size);
    return this;
  }

  @Override
  public void force(boolean metaData) throws IOException {
    requirePower();
    disk.failIfSyncFails();
    disk.synced(path, channel.size());
  }

  @Override
  public long size() throws IOException {
    return channel.size();
  }

  @Override
  protected void implCloseChannel() throws IOException {
    disk.closed(this);
    channel.close();
  }

  private void requirePower() throws IOException {
    if (powerLost) {
      throw new IOException("the power is off");
    }
  }

  @Override
  public int read(ByteBuffer target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileChannel position(long newPosition) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferTo(long position, long count, WritableByteChannel target) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long transferFrom(ReadableByteChannel source, long position, long count) {
    throw new UnsupportedOperationException();
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long position, long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock lock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }

  @Override
  public FileLock tryLock(long position, long size, boolean shared) {
    throw new UnsupportedOperationException();
  }
}
