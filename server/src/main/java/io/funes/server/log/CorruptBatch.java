package io.funes.server.log;

import java.io.IOException;
import java.nio.file.Path;

/** Bytes of a segment that are no batch, or not the one that must stand there. */
final class CorruptBatch extends IOException {
  private static final long serialVersionUID = 1L;

  private final String reason;

  CorruptBatch(Path file, long position, String reason) {
    super("%s, position %d: %s".formatted(file, position, reason));
    this.reason = reason;
  }

  String reason() {
    return reason;
  }
}
