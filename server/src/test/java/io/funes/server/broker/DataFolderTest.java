package io.funes.server.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataFolderTest {
  @TempDir private Path parent;

  private Path path;

  @BeforeEach
  void name() {
    path = parent.resolve("deep/data");
  }

  @Test
  void newFolderGetsAnIdentityThatStays() throws IOException {
    UUID cluster;
    UUID firstIncarnation;
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(3))) {
      cluster = folder.clusterId();
      firstIncarnation = folder.incarnation();
      assertThat(folder.nodeId()).isEqualTo(3);
      assertThat(folder.firstStart()).isTrue();
      folder.markStarted();
      assertThat(folder.firstStart()).isFalse();
    }
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(3))) {
      assertThat(folder.clusterId()).isEqualTo(cluster);
      assertThat(folder.firstStart()).isFalse();
      assertThat(folder.incarnation()).isNotEqualTo(firstIncarnation);
    }
  }

  @Test
  void folderWhoseFirstStartFailedIsStillAtItsFirstStart() throws IOException {
    UUID cluster;
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      cluster = folder.clusterId();
      Files.createDirectories(folder.raft());
    }
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      assertThat(folder.clusterId()).isEqualTo(cluster);
      assertThat(folder.firstStart()).isTrue();
    }
  }

  @Test
  void secondOpenIsRefusedWithFolderAndPid() throws IOException {
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      assertThatThrownBy(() -> DataFolder.open(path, OptionalInt.of(1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining(path.toString())
          .hasMessageContaining("process " + ProcessHandle.current().pid());
      assertThat(folder.path()).isEqualTo(path);
    }
    DataFolder.open(path, OptionalInt.of(1)).close();
  }

  @Test
  void lockOfAnotherProcessIsRefusedWithItsPid() throws Exception {
    Process holder =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-cp",
                System.getProperty("java.class.path"),
                Holder.class.getName(),
                path.toString())
            .redirectErrorStream(true)
            .start();
    try {
      assertThat(holder.getInputStream().read()).isEqualTo('+');

      assertThatThrownBy(() -> DataFolder.open(path, OptionalInt.of(1)))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("in use by process " + holder.pid());
    } finally {
      holder.destroyForcibly().waitFor();
    }
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      assertThat(folder.cleanIncarnation()).isEmpty();
    }
  }

  /** Opens the folder, says so, and keeps it until it is killed. */
  static final class Holder {
    public static void main(String[] args) throws Exception {
      DataFolder folder = DataFolder.open(Path.of(args[0]), OptionalInt.of(1));
      System.out.write('+');
      System.out.flush();
      Thread.currentThread().join();
      folder.close();
    }
  }

  @Test
  void folderOfAnotherNodeIsRefusedAndKeepsItsCleanMark() throws IOException {
    UUID incarnation;
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      incarnation = folder.incarnation();
      folder.markClean();
    }

    assertThatThrownBy(() -> DataFolder.open(path, OptionalInt.of(2)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("belongs to node 1")
        .hasMessageContaining("this is node 2");

    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      assertThat(folder.cleanIncarnation()).contains(incarnation);
    }
  }

  @Test
  void folderWithFilesAndNoIdentityIsRefusedAndLeftAlone() throws IOException {
    Files.createDirectories(path.resolve("raft"));

    assertThatThrownBy(() -> DataFolder.open(path, OptionalInt.of(1)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("raft")
        .hasMessageContaining("identity.properties");

    assertThat(path.resolve("identity.properties")).doesNotExist();
  }

  @Test
  void damagedOrNewerIdentityIsRefused() throws IOException {
    DataFolder.open(path, OptionalInt.of(1)).close();
    Path identity = path.resolve("identity.properties");
    String good = Files.readString(identity);

    Files.writeString(identity, good.replace("format=1", "format=2"));
    assertThatThrownBy(() -> DataFolder.open(path, OptionalInt.of(1)))
        .hasMessageContaining("format \"2\"");
    Files.writeString(identity, good.replace("cluster.id=", "cluster.id=x"));
    assertThatThrownBy(() -> DataFolder.open(path, OptionalInt.of(1)))
        .hasMessageContaining("is damaged");
    Files.writeString(identity, good.replace("node.id=1", ""));
    assertThatThrownBy(() -> DataFolder.open(path, OptionalInt.of(1)))
        .hasMessageContaining("is damaged");
  }

  @Test
  void fileInThePlaceOfTheFolderIsRefused() throws IOException {
    Path file = Files.createFile(parent.resolve("file"));

    assertThatThrownBy(() -> DataFolder.open(file, OptionalInt.of(1)))
        .hasMessageContaining("is not a directory");
  }

  @Test
  void onlyAMarkedCloseIsClean() throws IOException {
    UUID incarnation;
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      assertThat(folder.cleanIncarnation()).isEmpty();
      incarnation = folder.incarnation();
      folder.markClean();
    }
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      assertThat(folder.cleanIncarnation()).contains(incarnation);
      folder.beginLife();
    }
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      assertThat(folder.cleanIncarnation()).isEmpty();
    }
  }

  /** Else what it had would count as lost, since the metadata never heard of the life between. */
  @Test
  void startsThatComeToNothingAreTheSameLifeAndTakeNothingAway() throws IOException {
    UUID clean;
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      clean = folder.incarnation();
      folder.beginLife();
      folder.markClean();
    }
    UUID next;
    try (DataFolder killed = DataFolder.open(path, OptionalInt.of(1))) {
      next = killed.incarnation();
    }
    try (DataFolder stopped = DataFolder.open(path, OptionalInt.of(1))) {
      assertThat(stopped.incarnation()).isEqualTo(next).isNotEqualTo(clean);
      assertThat(stopped.cleanIncarnation()).contains(clean);
      stopped.markClean();
    }
    UUID lived;
    try (DataFolder lives = DataFolder.open(path, OptionalInt.of(1))) {
      assertThat(lives.cleanIncarnation()).contains(clean);
      lived = lives.incarnation();
      lives.beginLife();
      lives.markClean();
    }
    try (DataFolder after = DataFolder.open(path, OptionalInt.of(1))) {
      assertThat(after.cleanIncarnation()).contains(lived);
      assertThat(after.incarnation()).isNotEqualTo(lived);
    }
  }

  /** By the name that the metadata knows already it would be believed to have what it had. */
  @Test
  void whoHasLostRecordsSinceAStartThatWasKilledGoesByANewName() throws IOException {
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      folder.beginLife();
      folder.markClean();
    }
    UUID registered;
    try (DataFolder killed = DataFolder.open(path, OptionalInt.of(1))) {
      registered = killed.incarnation();
    }
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      folder.disown();
      assertThat(folder.incarnation()).isNotEqualTo(registered);
      assertThat(folder.cleanIncarnation()).isEmpty();
    }
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      assertThat(folder.cleanIncarnation()).isEmpty();
    }
  }

  /** A copy that is made now, and put back one day, must not go by a name that has lived since. */
  @Test
  void aStartThatFailsInGoodOrderLeavesTheMarkAsItWas() throws IOException {
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      folder.beginLife();
      folder.markClean();
    }
    String mark = Files.readString(path.resolve("clean-shutdown"));
    try (DataFolder failed = DataFolder.open(path, OptionalInt.of(1))) {
      failed.markClean();
    }
    assertThat(path.resolve("clean-shutdown")).hasContent(mark);
  }

  /** Put back from a copy, it holds less than the metadata believes. */
  @Test
  void aFolderThatWasPutBackGoesByANewName() throws IOException {
    UUID first;
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      folder.beginLife();
      folder.markClean();
    }
    String copy = Files.readString(path.resolve("clean-shutdown"));
    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      first = folder.incarnation();
      folder.beginLife();
    }

    Files.writeString(path.resolve("clean-shutdown"), copy);

    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      assertThat(folder.incarnation()).isNotEqualTo(first);
    }
  }

  @Test
  void tornCleanMarkIsNone() throws IOException {
    DataFolder.open(path, OptionalInt.of(1)).close();
    Files.writeString(path.resolve("clean-shutdown"), "12");

    try (DataFolder folder = DataFolder.open(path, OptionalInt.of(1))) {
      assertThat(folder.cleanIncarnation()).isEmpty();
    }
  }
}
