package io.funes.server.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.common.PartitionId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RocksProducerCheckpointsTest extends ProducerCheckpointsContract {
  @TempDir Path folder;

  @Override
  ProducerCheckpoints open() throws IOException {
    return RocksProducerCheckpoints.open(folder.resolve("state"));
  }

  @Test
  void checkpointsSurviveAReopen() throws IOException {
    checkpoints.store(A, CHECKPOINT);
    reopen();

    assertThat(checkpoints.load(A)).hasValue(CHECKPOINT);
    checkpoints.remove(A);
    reopen();
    assertThat(checkpoints.load(A)).isEmpty();
  }

  @Test
  void aThousandPartitionsAreOneFlush() throws IOException {
    for (int i = 0; i < 1000; i++) {
      checkpoints.store(new PartitionId(A.topicId(), i), CHECKPOINT);
    }
    checkpoints.flush();

    assertThat(files("sst")).hasSizeLessThanOrEqualTo(2);
    reopen();
    assertThat(checkpoints.load(new PartitionId(A.topicId(), 999))).hasValue(CHECKPOINT);
  }

  @Test
  void aClosedStoreRefusesInsteadOfCrashing() throws IOException {
    checkpoints.close();

    assertThatThrownBy(() -> checkpoints.load(A)).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> checkpoints.store(A, CHECKPOINT))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> checkpoints.flush()).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void aSecondProcessIsRefused() {
    assertThatThrownBy(this::open).isInstanceOf(IOException.class).hasMessageContaining("lock");
  }

  @Test
  void aDamagedTableIsAsGoodAsNone() throws IOException {
    checkpoints.store(A, CHECKPOINT);
    checkpoints.close();
    for (Path table : files("sst")) {
      damage(table);
    }

    checkpoints = open();

    assertThat(checkpoints.load(A)).isEmpty();
    checkpoints.store(A, CHECKPOINT);
    assertThat(checkpoints.load(A)).hasValue(CHECKPOINT);
  }

  @Test
  void aDamagedOrMissingManifestIsAsGoodAsNone() throws IOException {
    checkpoints.store(A, CHECKPOINT);
    checkpoints.close();
    damage(files("MANIFEST").getFirst());
    checkpoints = open();
    assertThat(checkpoints.load(A)).isEmpty();

    checkpoints.store(A, CHECKPOINT);
    checkpoints.close();
    Files.delete(files("MANIFEST").getFirst());
    checkpoints = open();
    assertThat(checkpoints.load(A)).isEmpty();

    checkpoints.store(A, CHECKPOINT);
    checkpoints.close();
    Files.delete(files("CURRENT").getFirst());
    checkpoints = open();
    assertThat(checkpoints.load(A)).isEmpty();
    checkpoints.store(A, CHECKPOINT);
    reopen();
    assertThat(checkpoints.load(A)).hasValue(CHECKPOINT);
  }

  @Test
  void bytesOfAnotherVersionOrCutBytesAreNoCheckpoint() {
    byte[] bytes = ProducerCheckpointCodec.encode(CHECKPOINT);
    assertThat(ProducerCheckpointCodec.decode(bytes)).hasValue(CHECKPOINT);
    for (int length = 0; length < bytes.length; length++) {
      assertThat(ProducerCheckpointCodec.decode(java.util.Arrays.copyOf(bytes, length))).isEmpty();
    }
    bytes[0]++;
    assertThat(ProducerCheckpointCodec.decode(bytes)).isEmpty();
  }

  private void reopen() throws IOException {
    checkpoints.close();
    checkpoints = open();
  }

  private List<Path> files(String part) throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("state"))) {
      return files.filter(f -> f.getFileName().toString().contains(part)).toList();
    }
  }

  private static void damage(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    for (int i = 0; i < bytes.length; i += 7) {
      bytes[i] ^= 0x10;
    }
    Files.write(file, bytes);
  }
}
