package io.funes.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * A disk of 320 MiB for a broker, which can be filled: a file system of its own in memory where
 * this process may mount one. Elsewhere it is the folder's own disk, and a broker on it keeps all
 * but a little of what is free now.
 */
final class SmallDisk implements AutoCloseable {
  private static final long MIB = 1 << 20;
  private static final long SIZE = 320 * MIB;
  private static final long KEPT = 128 * MIB;

  private final Path folder;
  private final boolean mounted;
  private final long freeBytesMin;

  private SmallDisk(Path folder, boolean mounted) throws IOException {
    this.folder = folder;
    this.mounted = mounted;
    long free = Files.getFileStore(folder).getUsableSpace();
    this.freeBytesMin = free - (SIZE - KEPT);
  }

  /** In place of a folder that is not there yet. */
  static SmallDisk at(Path link) {
    try {
      Path folder = Files.createTempDirectory(Path.of("target"), "disk").toAbsolutePath();
      Files.createSymbolicLink(link, folder);
      Finished mount =
          Finished.run(
              List.of("mount", "-t", "tmpfs", "-o", "size=" + SIZE, "none", folder.toString()));
      return new SmallDisk(folder, mount.exitCode() == 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** For {@code disk.free.bytes.min}. */
  long freeBytesMin() {
    return freeBytesMin;
  }

  private Path filler() {
    return folder.resolve("filler");
  }

  void fill() {
    try (FileChannel file =
        FileChannel.open(filler(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      long goal = freeBytesMin - SIZE / 4;
      ByteBuffer bytes = ByteBuffer.allocate((int) MIB);
      while (Files.getFileStore(folder).getUsableSpace() > goal) {
        file.write(bytes.clear());
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** To the last byte. */
  void fillUp() {
    if (!mounted) {
      throw new IllegalStateException("nobody's disk is filled up but one made for it");
    }
    try (FileChannel file =
        FileChannel.open(filler(), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer bytes = ByteBuffer.allocate(4 << 10);
      while (file.write(bytes.clear()) > 0) {
        // Goes on until there is no room.
      }
    } catch (IOException e) {
      // There is none.
    }
  }

  boolean mayBeFilledUp() {
    return mounted;
  }

  void empty() {
    try {
      Files.deleteIfExists(filler());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    empty();
    if (mounted) {
      Finished.run(List.of("umount", folder.toString())).succeeded();
    }
  }

  @Override
  public String toString() {
    return mounted ? "a file system of its own" : "simulated by disk.free.bytes.min";
  }
}
