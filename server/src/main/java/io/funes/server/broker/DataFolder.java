package io.funes.server.broker;

import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The folder that a broker keeps everything in: it belongs to one node of one cluster and is open
 * in one process at a time.
 *
 * <table>
 *   <caption>Its own files</caption>
 *   <tr><td>lock</td><td>locked while a process has the folder open; holds its pid</td></tr>
 *   <tr><td>identity.properties</td><td>whose folder it is, and whether the node was ever up</td></tr>
 *   <tr><td>clean-shutdown</td><td>left by a proper stop, gone while files may change: {@link ShutdownMark}</td></tr>
 * </table>
 *
 * <p>Exceptions carry a message for the operator. Not thread-safe.
 */
public final class DataFolder implements AutoCloseable {
  private static final String LOCK = "lock";
  private static final String IDENTITY = "identity.properties";

  /** What an otherwise empty folder may hold; a new file system makes the second. */
  private static final Set<String> NEGLIGIBLE = Set.of(LOCK, IDENTITY + ".tmp", "lost+found");

  private static final String FORMAT = "1";

  private final Path folder;
  private final FileChannel lock;
  private Identity identity;
  private ShutdownMark mark;
  private boolean clean;

  private record Identity(UUID clusterId, int nodeId, boolean joined, boolean started) {}

  /** What a broker that joins is from now on. */
  public record Joined(UUID clusterId, int nodeId) {}

  /** Asks the cluster that a new broker joins. */
  @FunctionalInterface
  public interface Joining {
    Joined join() throws IOException;
  }

  private DataFolder(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * Opens the node's folder; an empty or missing one becomes that of the first node of a new
   * cluster.
   */
  public static DataFolder open(Path folder, OptionalInt nodeId) throws IOException {
    return open(folder, nodeId, Optional.empty());
  }

  /**
   * Opens the node's folder; an empty or missing one becomes that of a node that joins, or of the
   * first node of a new cluster.
   *
   * @param nodeId refused where the folder belongs to another
   */
  public static DataFolder open(Path folder, OptionalInt nodeId, Optional<Joining> joining)
      throws IOException {
    try {
      Files.createDirectories(folder);
    } catch (FileAlreadyExistsException e) {
      throw new IOException("data folder %s is not a directory: give another".formatted(folder), e);
    } catch (IOException e) {
      String why =
          e instanceof AccessDeniedException ? "permission denied" : "no folder can be there";
      throw new IOException(
          "data folder %s cannot be made, %s: give another".formatted(folder, why), e);
    }
    DataFolder opened = new DataFolder(folder, locked(folder));
    try {
      opened.identify(nodeId, joining);
      opened.mark = ShutdownMark.read(folder);
      return opened;
    } catch (IOException | RuntimeException e) {
      opened.close();
      throw e;
    }
  }

  public Path path() {
    return folder;
  }

  /** For the metadata log. */
  public Path raft() {
    return folder.resolve("raft");
  }

  public UUID clusterId() {
    return identity.clusterId();
  }

  public int nodeId() {
    return identity.nodeId();
  }

  /** The life that the folder is opened for; the same again where the last start was killed. */
  public UUID incarnation() {
    return mark.incarnation();
  }

  /** The node has joined a cluster that was there, and was not its first. */
  public boolean joined() {
    return identity.joined();
  }

  /** The node has never been up: what is missing was never there. */
  public boolean firstStart() {
    return !identity.started();
  }

  /**
   * The incarnation before this one, if it closed everything properly; else files may end anywhere.
   */
  public Optional<UUID> cleanIncarnation() {
    return mark.clean();
  }

  /** Not all that the former life had is here: it does not count as closed properly. */
  public void disown() throws IOException {
    mark.disown();
  }

  /** The metadata knows the incarnation: from now on files may change. */
  public void beginLife() throws IOException {
    mark.remove();
  }

  /** From now on a missing part is a lost part. Call when the metadata log is up. */
  public void markStarted() throws IOException {
    if (!identity.started()) {
      writeIdentity(new Identity(clusterId(), nodeId(), joined(), true));
    }
  }

  /** All else is closed and on the disk: the next {@link #close} leaves the mark that says so. */
  public void markClean() {
    clean = true;
  }

  @Override
  public void close() throws IOException {
    try {
      if (clean && lock.isOpen()) {
        mark.leave();
      }
    } finally {
      lock.close();
    }
  }

  private static FileChannel locked(Path folder) throws IOException {
    Path file = folder.resolve(LOCK);
    FileChannel channel =
        FileChannel.open(
            file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      if (!tryLock(channel)) {
        throw new IOException(
            "data folder %s is in use by process %s: stop that one, or give this one another folder"
                .formatted(folder, Files.readString(file).strip()));
      }
      channel.truncate(0);
      String pid = ProcessHandle.current().pid() + "\n";
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.US_ASCII)));
      return channel;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  /** The lock lives as long as its channel. */
  private static boolean tryLock(FileChannel channel) throws IOException {
    try {
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException e) {
      return false; // By this very process.
    }
  }

  private void identify(OptionalInt nodeId, Optional<Joining> joining) throws IOException {
    if (Files.exists(folder.resolve(IDENTITY))) {
      identity = readIdentity();
      if (nodeId.isPresent() && identity.nodeId() != nodeId.getAsInt()) {
        throw new IOException(
            "data folder %s belongs to node %d of cluster %s, and this is node %d: give it a folder of its own, or set node.id=%d"
                .formatted(
                    folder, identity.nodeId(), clusterId(), nodeId.getAsInt(), identity.nodeId()));
      }
      return;
    }
    List<String> strangers = strangers();
    if (!strangers.isEmpty()) {
      throw new IOException(
          "data folder %s holds %s but no %s: give an empty folder, or restore that file"
              .formatted(folder, strangers.getFirst(), IDENTITY));
    }
    if (joining.isPresent()) {
      Joined joined = joining.get().join();
      writeIdentity(new Identity(joined.clusterId(), joined.nodeId(), true, false));
    } else {
      writeIdentity(new Identity(UUID.randomUUID(), nodeId.orElse(0), false, false));
    }
  }

  private List<String> strangers() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> !NEGLIGIBLE.contains(name))
          .sorted()
          .toList();
    }
  }

  private Identity readIdentity() throws IOException {
    Path file = folder.resolve(IDENTITY);
    Properties properties = new Properties();
    try {
      properties.load(new StringReader(Files.readString(file)));
      String format = properties.getProperty("format", "");
      if (!format.equals(FORMAT)) {
        throw new IOException(
            "%s has format \"%s\" and this release knows %s: start the release that wrote it"
                .formatted(file, format, FORMAT));
      }
      return new Identity(
          UUID.fromString(properties.getProperty("cluster.id", "")),
          Integer.parseInt(properties.getProperty("node.id", "")),
          Boolean.parseBoolean(properties.getProperty("joined", "")),
          Boolean.parseBoolean(properties.getProperty("started", "")));
    } catch (IllegalArgumentException e) {
      throw new IOException("%s is damaged (%s): restore it".formatted(file, e.getMessage()), e);
    }
  }

  private void writeIdentity(Identity written) throws IOException {
    DurableFiles.replace(
        folder.resolve(IDENTITY),
        """
        # Whose data folder this is. Written by Funes; do not edit.
        format=%s
        cluster.id=%s
        node.id=%d
        joined=%s
        started=%s
        """
            .formatted(
                FORMAT,
                written.clusterId(),
                written.nodeId(),
                written.joined(),
                written.started()));
    identity = written;
  }
}
