package io.funes.server.replication;

import io.funes.server.common.TopicId;
import io.funes.server.metadata.TopicImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Where topics lie: {@code topics/<name>-<id>/<partition>}. The name is for people, the id decides:
 * a topic deleted and created again gets another folder. Long names are cut to what file systems
 * take.
 */
final class TopicFolders {
  private static final int NAME_LENGTH_MAX = 200;
  private static final int ID_LENGTH = 36;

  private final Path topics;
  private final Path stray;

  TopicFolders(Path dataFolder) {
    topics = dataFolder.resolve("topics");
    stray = dataFolder.resolve("stray");
  }

  Path of(TopicImage topic) {
    String name = topic.name().value();
    String shown = name.substring(0, Math.min(name.length(), NAME_LENGTH_MAX));
    return topics.resolve(shown + "-" + topic.id());
  }

  /** Of one partition of the topic. */
  Path of(TopicImage topic, int partition) {
    return of(topic).resolve(Integer.toString(partition));
  }

  void delete(TopicImage topic) throws IOException {
    Files.deleteIfExists(of(topic));
  }

  /**
   * Moves folders of topics that the metadata does not know out of the way, and returns where they
   * are now.
   */
  List<Path> setStraysAside(Set<TopicId> known) throws IOException {
    List<Path> moved = new ArrayList<>();
    for (Path folder : list()) {
      if (!known.contains(idOf(folder))) {
        Files.createDirectories(stray);
        moved.add(Files.move(folder, stray.resolve(folder.getFileName().toString())));
      }
    }
    return moved;
  }

  private List<Path> list() throws IOException {
    try (Stream<Path> folders = Files.list(topics)) {
      return folders.filter(folder -> idOf(folder) != null).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    }
  }

  private static TopicId idOf(Path folder) {
    String name = folder.getFileName().toString();
    if (name.length() <= ID_LENGTH) {
      return null;
    }
    try {
      return TopicId.parse(name.substring(name.length() - ID_LENGTH));
    } catch (RuntimeException e) {
      return null;
    }
  }
}
