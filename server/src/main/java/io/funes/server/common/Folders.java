package io.funes.server.common;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Folders whose names are on the disk when a call returns. */
public final class Folders {
  private Folders() {}

  /** Returns when the names in {@code folder} survive a loss of power. */
  public static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }
}
