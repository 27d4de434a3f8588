package io.funes.server.metadata.raft;

import io.funes.server.common.Folders;
import io.funes.server.metadata.raft.RaftConfig.Start;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps a new broker from hearing anything before it is invited. The leader invites only those that
 * are no members; a voter that lost its disk and comes back as new stays outside until it has been
 * removed, since with an empty log it would help to elect a leader that lacks what it once
 * acknowledged.
 */
final class Door {
  private final RaftConfig config;
  private final Path mark;
  private volatile boolean open;

  Door(RaftConfig config) {
    this.config = config;
    this.mark = config.folder().resolve("invited");
    this.open = !(config.start() instanceof Start.Join) || Files.exists(mark);
  }

  void check() throws IOException {
    if (!open) {
      throw new IOException(
          "broker %d was not invited to the cluster; if it was a voter and lost its disk, remove it from the quorum and add it again"
              .formatted(config.self().nodeId()));
    }
  }

  synchronized void open(Invitation invitation) throws IOException {
    Invitation expected = new Invitation(config.clusterId(), config.self().nodeId());
    if (!invitation.equals(expected)) {
      throw new IOException(
          "this is broker %d of cluster %s, and the invitation is for broker %d of cluster %s"
              .formatted(
                  expected.nodeId(),
                  expected.clusterId(),
                  invitation.nodeId(),
                  invitation.clusterId()));
    }
    if (!open) {
      // Before the first entry: a restart must find the door as it was.
      FileChannel.open(mark, StandardOpenOption.CREATE, StandardOpenOption.WRITE).close();
      Folders.force(config.folder());
      open = true;
    }
  }
}
