package io.funes.server.log.file;

import io.funes.server.common.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** The real disk. */
public final class ChannelSegmentFiles implements SegmentFiles {
  private static final String TEMPORARY = ".tmp";

  private final Opener opener;

  public ChannelSegmentFiles() {
    this(FileChannel::open);
  }

  /** Takes channels from elsewhere, which is how tests make a disk fail. */
  public ChannelSegmentFiles(Opener opener) {
    this.opener = opener;
  }

  /** {@link FileChannel#open}, or a stand-in for it. */
  public interface Opener {
    FileChannel open(Path path, OpenOption... options) throws IOException;
  }

  @Override
  public SegmentFile open(Path path) throws IOException {
    try {
      return new ChannelSegmentFile(path, opener, Files.size(path), null);
    } catch (NoSuchFileException e) {
      FileChannel created =
          opener.open(
              path,
              StandardOpenOption.CREATE_NEW,
              StandardOpenOption.READ,
              StandardOpenOption.WRITE);
      return new ChannelSegmentFile(path, opener, 0, created);
    }
  }

  @Override
  public List<Path> list(Path folder) throws IOException {
    Files.createDirectories(folder);
    try (Stream<Path> files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }

  @Override
  public Optional<ByteBuffer> load(Path path) throws IOException {
    try {
      return Optional.of(ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  @Override
  public void replace(Path path, ByteBuffer content, boolean synced) throws IOException {
    Path temporary = path.resolveSibling(path.getFileName() + TEMPORARY);
    try (FileChannel channel =
        opener.open(
            temporary,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (content.hasRemaining()) {
        channel.write(content);
      }
      if (synced) {
        channel.force(true);
      }
    } catch (IOException e) {
      Files.deleteIfExists(temporary);
      throw e;
    }
    Files.move(
        temporary, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  @Override
  public void delete(Path path) throws IOException {
    Files.deleteIfExists(path);
  }

  @Override
  public void deleteFolder(Path folder) throws IOException {
    Files.deleteIfExists(folder);
  }

  @Override
  public void forceFolder(Path folder) throws IOException {
    Folders.force(folder);
  }
}
