package io.funes.server.metadata.raft;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.CommandCodec;
import io.funes.server.metadata.CommandForm;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataListener;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.OutcomeCodec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ratis.protocol.ClientId;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.protocol.exceptions.ResourceUnavailableException;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * The metadata log as a Ratis group of one voter, this process. Commands are handed over inside the
 * process.
 */
public final class RatisMetadataLog implements MetadataLog, AutoCloseable {
  /** Room for what Ratis puts around a command in its entry. */
  private static final long COMMAND_BYTES_MAX = RaftSettings.ENTRY_BYTES_MAX.getSize() - 4096;

  private static final long START_TIMEOUT_SECONDS = 60;

  /** Where applying an entry fails while Ratis 3.3.0 closes, it waits for ever. */
  private static final long CLOSE_TIMEOUT_SECONDS = 20;

  private final RaftServer server;
  private final RatisStateMachine stateMachine;
  private final RaftGroupId groupId;
  private final ClientId clientId = ClientId.randomId();
  private final AtomicLong callIds = new AtomicLong();

  private RatisMetadataLog(RaftServer server, RatisStateMachine stateMachine, RaftGroupId groupId) {
    this.server = server;
    this.stateMachine = stateMachine;
    this.groupId = groupId;
  }

  /**
   * Returns when all that was ever acknowledged is in {@link #image()} and commands are taken.
   *
   * @param onFatal told, once and on any thread, that the log ended on its own: the process must
   *     end too
   */
  public static RatisMetadataLog start(RaftConfig config, Consumer<Throwable> onFatal)
      throws IOException {
    checkFolder(config);
    RaftPeerId peerId = RaftPeerId.valueOf("broker-" + config.nodeId());
    RaftGroup group =
        RaftGroup.valueOf(
            RaftGroupId.valueOf(config.clusterId()),
            List.of(RaftPeer.newBuilder().setId(peerId).build()));
    RatisStateMachine stateMachine = new RatisStateMachine(onFatal);
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(peerId)
            .setGroup(group)
            .setStateMachine(stateMachine)
            .setProperties(RaftSettings.oneVoter(config))
            .setOption(StartupOption.RECOVER)
            .build();
    RatisMetadataLog metadataLog = new RatisMetadataLog(server, stateMachine, group.getGroupId());
    try {
      server.start();
      metadataLog.awaitLeader();
      return metadataLog;
    } catch (IOException | RuntimeException e) {
      metadataLog.close();
      throw new IOException("the metadata log did not start: " + root(e).getMessage(), e);
    }
  }

  @Override
  public CompletableFuture<Outcome> submit(MetadataCommand command) {
    Optional<Refusal> malformed = CommandForm.check(command);
    if (malformed.isPresent()) {
      return CompletableFuture.completedFuture(new Outcome.Refused(malformed.get()));
    }
    ByteString bytes = bytes(command);
    if (bytes.size() > COMMAND_BYTES_MAX) {
      return CompletableFuture.completedFuture(new Outcome.Refused(tooLarge(bytes.size())));
    }
    RaftClientRequest request =
        RaftClientRequest.newBuilder()
            .setClientId(clientId)
            .setServerId(server.getId())
            .setGroupId(groupId)
            .setCallId(callIds.incrementAndGet())
            .setMessage(Message.valueOf(bytes))
            .setType(RaftClientRequest.writeRequestType())
            .build();
    try {
      return server
          .submitClientRequestAsync(request)
          .exceptionally(e -> {
            throw unavailable(e).exception();
          })
          .thenApply(RatisMetadataLog::outcome);
    } catch (IOException | RuntimeException e) {
      return CompletableFuture.failedFuture(unavailable(e).exception());
    }
  }

  @Override
  public MetadataImage image() {
    return stateMachine.image();
  }

  @Override
  public void subscribe(MetadataListener listener) {
    stateMachine.subscribe(listener);
  }

  /** Takes a snapshot and stops. */
  @Override
  public void close() throws IOException {
    stateMachine.expectEnd();
    FutureTask<Void> closing =
        new FutureTask<>(() -> {
          server.close();
          return null;
        });
    Thread.ofPlatform().daemon().name("funes-raft-close").start(closing);
    try {
      closing.get(CLOSE_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException("the metadata log did not close well", e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("it was not closed after %d s".formatted(CLOSE_TIMEOUT_SECONDS), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /**
   * Ratis makes a missing log anew, which would be an empty voter that has forgotten every topic.
   */
  private static void checkFolder(RaftConfig config) throws IOException {
    Path current = config.folder().resolve(config.clusterId().toString()).resolve("current");
    if (!config.firstStart() && !Files.isDirectory(current)) {
      throw new IOException(
          "the metadata of cluster %s is missing: there is no %s; mount the disk it is on or restore it from a copy"
              .formatted(config.clusterId(), current));
    }
    Files.createDirectories(config.folder());
  }

  private void awaitLeader() throws IOException {
    try {
      stateMachine.leaderReady().get(START_TIMEOUT_SECONDS, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw new IOException(
          "the metadata log did not start: " + e.getCause().getMessage(), e.getCause());
    } catch (TimeoutException e) {
      throw new IOException("it was not ready after %d s".formatted(START_TIMEOUT_SECONDS), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private static ByteString bytes(MetadataCommand command) {
    ByteString.Output bytes = ByteString.newOutput();
    try {
      CommandCodec.write(command, new DataOutputStream(bytes));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // Memory does not fail.
    }
    return bytes.toByteString();
  }

  private static Outcome outcome(RaftClientReply reply) {
    if (!reply.isSuccess()) {
      throw unavailable(reply.getException()).exception();
    }
    try {
      return OutcomeCodec.read(new DataInputStream(reply.getMessage().getContent().newInput()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Refusal tooLarge(int bytes) {
    return Refusal.of(
            ErrorCode.INVALID_ARGUMENT,
            "the command has %d bytes: keep it under %d".formatted(bytes, COMMAND_BYTES_MAX))
        .with("bytes", bytes)
        .with("bytes_max", COMMAND_BYTES_MAX);
  }

  private static Refusal unavailable(Throwable cause) {
    Throwable root = root(cause);
    return root instanceof ResourceUnavailableException
        ? Refusal.of(
            ErrorCode.LIMIT_REACHED, "too many metadata commands are under way: try again soon")
        : Refusal.of(
            ErrorCode.BROKER_UNAVAILABLE,
            "the metadata log does not answer (%s): try again"
                .formatted(root.getClass().getSimpleName()));
  }

  private static Throwable root(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }
}
