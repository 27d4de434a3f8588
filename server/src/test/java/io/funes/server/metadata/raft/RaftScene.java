package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.metadata.Commands;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Each test makes a quorum of its own, which closes while the next test runs. */
@Timeout(60)
abstract class RaftScene {
  @TempDir private static Path folders;
  private static final List<CompletableFuture<Void>> closings = new ArrayList<>();

  final Path parent = folders.resolve(UUID.randomUUID().toString());
  RaftCluster cluster;

  @AfterEach
  void close() {
    closings.add(cluster.closeInBackground());
    assertThat(cluster.fatal).isEmpty();
  }

  @AfterAll
  static void awaitClosings() {
    closings.forEach(CompletableFuture::join);
    closings.clear();
  }

  /** One command more. */
  void init(int broker, String name) throws Exception {
    cluster.log(broker).submit(Commands.init(name)).get(30, TimeUnit.SECONDS).orThrow();
  }
}
