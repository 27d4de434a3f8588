package io.funes.server.log.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The folders of a disk. */
public interface SegmentFiles {
  /** Opens the file, and makes an empty one where there is none. */
  SegmentFile open(Path path) throws IOException;

  /** Files of {@code folder} by name; makes the folder where there is none. */
  List<Path> list(Path folder) throws IOException;

  /** The whole of a small file, little endian, or nothing where it does not exist. */
  Optional<ByteBuffer> load(Path path) throws IOException;

  /**
   * Puts {@code content} in place of a small file. Whoever reads it next, also after a crash of the
   * process, sees the old content or the new one. After a loss of power that holds only where the
   * content is {@code synced} first; the new one is there for certain after {@link #forceFolder}.
   */
  void replace(Path path, ByteBuffer content, boolean synced) throws IOException;

  /** Unlinks the file if it exists. A {@link SegmentFile} that is open goes on reading. */
  void delete(Path path) throws IOException;

  /** Removes a folder that {@link #delete} has emptied. */
  void deleteFolder(Path folder) throws IOException;

  /** Returns when the names in {@code folder} survive a loss of power. */
  void forceFolder(Path folder) throws IOException;
}
