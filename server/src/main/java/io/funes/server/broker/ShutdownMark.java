package io.funes.server.broker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * The file that a proper stop leaves. It names the incarnation that closed everything, by which the
 * metadata knows that this broker still has what it had, and the one that is next.
 *
 * <p>The mark stays until the next incarnation is registered and about to write. Until then a start
 * may fail, or be killed, as often as it likes: after a kill the next one goes by the same name, so
 * the metadata sees one start, and nothing counts as lost. A start that fails in good order leaves
 * the mark as it found it, so a folder that is put back from a copy goes by a name of its own, and
 * is seen to be none of the newest incarnation's. A copy that is made after a start was killed, and
 * before the next one, is not told apart.
 */
final class ShutdownMark {
  private static final String NAME = "clean-shutdown";

  private final Path folder;
  private Optional<UUID> clean;
  private UUID incarnation;
  private boolean standing;

  private ShutdownMark(Path folder, Optional<UUID> clean, UUID incarnation) {
    this.folder = folder;
    this.clean = clean;
    this.incarnation = incarnation;
    this.standing = clean.isPresent();
  }

  /** Reads the mark, and notes in it who is next. */
  static ShutdownMark read(Path folder) throws IOException {
    Path file = folder.resolve(NAME);
    List<UUID> named = Files.exists(file) ? parse(Files.readString(file)) : List.of();
    return switch (named.size()) {
      case 1 -> {
        UUID next = UUID.randomUUID();
        DurableFiles.replace(file, "%s%n%s%n".formatted(named.getFirst(), next));
        yield new ShutdownMark(folder, Optional.of(named.getFirst()), next);
      }
      case 2 -> new ShutdownMark(folder, Optional.of(named.getFirst()), named.getLast());
      default -> {
        DurableFiles.delete(file);
        yield new ShutdownMark(folder, Optional.empty(), UUID.randomUUID());
      }
    };
  }

  /** None where it is torn. */
  private static List<UUID> parse(String text) {
    try {
      return text.strip().lines().map(UUID::fromString).toList();
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  /** Of the process that has the folder open. */
  UUID incarnation() {
    return incarnation;
  }

  /** The one before, if it closed everything properly; else files may end anywhere. */
  Optional<UUID> clean() {
    return clean;
  }

  /** From now on files change. On the disk when this returns: a mark that came back would lie. */
  void remove() throws IOException {
    if (standing) {
      DurableFiles.delete(folder.resolve(NAME));
      standing = false;
    }
  }

  /** What the mark speaks of is not all there: this start is one after a crash. */
  void disown() throws IOException {
    remove();
    clean = Optional.empty();
    incarnation = UUID.randomUUID();
  }

  /** Everything is closed and on the disk. */
  void leave() throws IOException {
    UUID closed = standing ? clean.orElseThrow() : incarnation;
    DurableFiles.replace(folder.resolve(NAME), closed + "\n");
  }
}
