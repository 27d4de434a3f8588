package io.funes.it;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The bytes of a partition's segments on each broker. Where segments begin may differ, since a
 * broker that starts again may begin a new one.
 */
final class ReplicaLogs {
  private ReplicaLogs() {}

  /** When all is in sync and nobody writes, what is in the logs is the same, to the byte. */
  static void awaitEqual(List<BrokerProcess> brokers, String topic, int partitions) {
    awaitEqual(brokers, topic, 0, partitions);
  }

  /** Likewise, of some partitions. */
  static void awaitEqual(List<BrokerProcess> brokers, String topic, int from, int to) {
    for (int partition = from; partition < to; partition++) {
      int of = partition;
      Await.until(
          () ->
              "logs of partition %d of %s are equal; bytes: %s"
                  .formatted(
                      of, topic, brokers.stream().map(b -> bytes(b, topic, of).length).toList()),
          () -> equal(brokers, topic, of));
    }
  }

  /** As a disk does that was mounted elsewhere, or replaced: the folder of all topics is empty. */
  static void deleteAll(BrokerProcess broker) {
    broker.delete("topics");
  }

  private static boolean equal(List<BrokerProcess> brokers, String topic, int partition) {
    byte[] first = bytes(brokers.getFirst(), topic, partition);
    return first.length > 0
        && brokers.stream()
            .allMatch(broker -> Arrays.equals(first, bytes(broker, topic, partition)));
  }

  /** All segments, one behind the other. */
  static byte[] bytes(BrokerProcess broker, String topic, int partition) {
    Pattern segment =
        Pattern.compile(".*/%s-[0-9a-f-]{36}/%d/[0-9]+[.]log".formatted(topic, partition));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (Stream<Path> files = Files.walk(broker.data().resolve("topics"))) {
      for (Path file :
          files.filter(path -> segment.matcher(path.toString()).matches()).sorted().toList()) {
        all.write(Files.readAllBytes(file));
      }
    } catch (NoSuchFileException e) {
      return new byte[0];
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all.toByteArray();
  }
}
