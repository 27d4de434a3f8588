package io.funes.server.broker;

import io.funes.server.common.Folders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Small files whose changes are on the disk when a call returns. */
final class DurableFiles {
  private DurableFiles() {}

  /** The file is the old one or the new one at every moment, also through a loss of power. */
  static void replace(Path file, String text) throws IOException {
    Path unfinished = file.resolveSibling(file.getFileName() + ".tmp");
    try (FileChannel channel =
        FileChannel.open(
            unfinished,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(unfinished, file, StandardCopyOption.ATOMIC_MOVE);
    Folders.force(file.getParent());
  }

  /** Where there is one. */
  static void delete(Path file) throws IOException {
    if (Files.deleteIfExists(file)) {
      Folders.force(file.getParent());
    }
  }
}
