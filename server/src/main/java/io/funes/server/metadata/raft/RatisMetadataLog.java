package io.funes.server.metadata.raft;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.metadata.CommandCodec;
import io.funes.server.metadata.CommandForm;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataListener;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.raft.RaftConfig.Start;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.RaftPeerRole;
import org.apache.ratis.protocol.RaftGroup;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftPeer;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.storage.RaftStorage.StartupOption;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * The metadata log as a Ratis group. A broker alone is its only voter; more join as listeners and
 * are promoted. Commands may be submitted on any of them: they go to the leader.
 */
public final class RatisMetadataLog implements MetadataLog, AutoCloseable {
  /** Room for what Ratis puts around a command in its entry. */
  private static final long COMMAND_BYTES_MAX = RaftSettings.ENTRY_BYTES_MAX.getSize() - 4096;

  private static final long START_TIMEOUT_SECONDS = 60;

  /** Where applying an entry fails while Ratis 3.3.0 closes, it waits for ever. */
  private static final long CLOSE_TIMEOUT_SECONDS = 20;

  private final RaftServer server;
  private final RatisStateMachine stateMachine;
  private final RaftTuning tuning;
  private final Members members;
  private final Door door;
  private final RatisHandler handler;
  private final LeaderCalls leaderCalls;
  private final Leadership leadership;
  private final Succession succession;
  private final UUID clientId = UUID.randomUUID();
  private final AtomicLong callIds = new AtomicLong();

  private RatisMetadataLog(
      RaftServer server,
      RatisStateMachine stateMachine,
      RaftConfig config,
      RaftGroupId groupId,
      RaftChannel channel) {
    this.server = server;
    this.stateMachine = stateMachine;
    this.tuning = config.tuning();
    members = new Members(server, groupId, config.self());
    door = new Door(config);
    handler =
        new RatisHandler(
            members,
            door,
            new LeaderSide(members, stateMachine),
            new MemberChanges(members, channel, config.clusterId(), tuning));
    leaderCalls =
        new LeaderCalls(
            channel,
            config,
            handler,
            members::leader,
            members::otherAddresses,
            stateMachine::ended);
    leadership = new Leadership(members::ledTerm);
    succession = new Succession(members, RaftSettings.stepDownMs(tuning));
    stateMachine.reportLeadership(leadership::changed);
    stateMachine.reportMembers(new ElectionPause(members)::apply);
  }

  /**
   * Starts the log of a broker that is alone. Returns when all that was ever acknowledged is in
   * {@link #image()} and commands are taken.
   *
   * @param onFatal told, once and on any thread, that the log ended on its own after that: the
   *     process must end too
   */
  public static RatisMetadataLog start(RaftConfig config, Consumer<Throwable> onFatal)
      throws IOException {
    RatisMetadataLog metadataLog = start(config, RaftChannel.none(), onFatal);
    try {
      metadataLog.awaitReady(TimeUnit.SECONDS.toMillis(START_TIMEOUT_SECONDS));
      return metadataLog;
    } catch (IOException | RuntimeException e) {
      metadataLog.close();
      throw e;
    }
  }

  /**
   * Starts the log and returns when the others' calls can be given to {@link #handler()}; see
   * {@link #awaitReady}, which also tells where it has ended before.
   */
  public static RatisMetadataLog start(
      RaftConfig config, RaftChannel channel, Consumer<Throwable> onFatal) throws IOException {
    checkFolder(config);
    RatisStateMachine stateMachine = new RatisStateMachine(onFatal);
    CommitNews news = new CommitNews();
    stateMachine.reportCommitted(news::committed);
    RaftGroup group =
        RaftGroup.valueOf(RaftGroupId.valueOf(config.clusterId()), firstMembers(config));
    RaftServer server =
        RaftServer.newBuilder()
            .setServerId(Peer.id(config.self().nodeId()))
            .setGroup(group)
            .setStateMachine(stateMachine)
            .setProperties(RaftSettings.of(config))
            .setParameters(
                ChannelRpc.parameters(channel, config.tuning(), news, stateMachine::removed))
            .setOption(StartupOption.RECOVER)
            .build();
    RatisMetadataLog metadataLog =
        new RatisMetadataLog(server, stateMachine, config, group.getGroupId(), channel);
    try {
      server.start();
      return metadataLog;
    } catch (IOException | RuntimeException e) {
      metadataLog.close();
      throw new IOException(
          "the metadata log did not start: " + LeaderSide.root(e).getMessage(), e);
    }
  }

  /**
   * What holds until the log says otherwise. One that joins knows of itself as a listener only:
   * with no members at all, as Ratis advises, it would never become a real listener, nor a voter
   * that votes when it is promoted.
   */
  private static List<RaftPeer> firstMembers(RaftConfig config) {
    return switch (config.start()) {
      case Start.Found() -> List.of(config.self().toRatis().build());
      case Start.Join join ->
          List.of(config.self().toRatis().setStartupRole(RaftPeerRole.LISTENER).build());
      case Start.Restart() -> List.of();
    };
  }

  /** Returns when the image has all that was acknowledged before the call. */
  public void awaitReady(long timeoutMs) throws IOException {
    CompletableFuture<Void> upToDate =
        leaderCalls
            .call(
                RaftCall.COMMITTED,
                _ -> WireBytes.write(out -> out.writeInt(members.self().nodeId())),
                timeoutMs)
            .thenApply(bytes -> bytes.asReadOnlyByteBuffer().getLong())
            .thenCompose(stateMachine::whenApplied);
    try {
      CompletableFuture.anyOf(stateMachine.leaderReady(), upToDate)
          .get(timeoutMs, TimeUnit.MILLISECONDS);
      stateMachine.beginUse();
    } catch (ExecutionException e) {
      door.check();
      throw notReady(LeaderSide.root(e));
    } catch (TimeoutException e) {
      door.check();
      throw new IOException(
          "the metadata log was not ready after %d ms: most of those that vote must run"
              .formatted(timeoutMs),
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  private IOException notReady(Throwable cause) {
    boolean removed =
        cause instanceof RemovedException
            || (cause instanceof RefusedException refused
                && refused.refusal().code() == ErrorCode.UNKNOWN_BROKER);
    return new IOException(
        removed
            ? new RemovedException().getMessage()
            : "the metadata log is not ready: %s; start the other brokers too: most of those that vote must run"
                .formatted(cause.getMessage()),
        cause);
  }

  @Override
  public CompletableFuture<Outcome> submit(MetadataCommand command) {
    return submit(command, Submission.ANY_TERM);
  }

  /**
   * As {@link #submit(MetadataCommand)}, but only in the given term: a leader that has been deposed
   * meanwhile is refused with BROKER_UNAVAILABLE.
   */
  public CompletableFuture<Outcome> submit(MetadataCommand command, long term) {
    Optional<Refusal> malformed = CommandForm.check(command);
    if (malformed.isPresent()) {
      return CompletableFuture.completedFuture(new Outcome.Refused(malformed.get()));
    }
    ByteString bytes = WireBytes.string(out -> CommandCodec.write(command, image().version(), out));
    if (bytes.size() > COMMAND_BYTES_MAX) {
      return CompletableFuture.completedFuture(new Outcome.Refused(tooLarge(bytes.size())));
    }
    long callId = callIds.incrementAndGet();
    long before = stateMachine.applied();
    return leaderCalls
        .call(
            RaftCall.SUBMIT,
            repeated ->
                new Submission(clientId, callId, term, repeated ? before : Submission.FIRST, bytes)
                    .toBytes(),
            tuning.submitMs())
        .thenApply(SubmissionResult::from)
        .thenCompose(this::whenAppliedHere);
  }

  /**
   * Who asked here reads here next. Where this broker is far behind, it is answered all the same.
   */
  private CompletableFuture<Outcome> whenAppliedHere(SubmissionResult result) {
    return stateMachine
        .whenApplied(result.index())
        .copy()
        .completeOnTimeout(null, tuning.submitMs(), TimeUnit.MILLISECONDS)
        .thenApply(here -> result.read());
  }

  @Override
  public MetadataImage image() {
    return stateMachine.image();
  }

  @Override
  public void subscribe(MetadataListener listener) {
    stateMachine.subscribe(listener);
  }

  /** Tells the listener at once how it is, and of every change. */
  public void subscribe(LeadershipListener listener) {
    leadership.subscribe(listener);
  }

  /**
   * Says that the leader's process is gone for certain: where this broker votes it takes part in an
   * election at once.
   */
  public void leaderDied(int nodeId) {
    succession.leaderDied(nodeId);
  }

  Members members() {
    return members;
  }

  /** Who leads, as far as this broker knows. */
  public Optional<Integer> leader() {
    return members.leader().map(Peer::nodeId);
  }

  /**
   * From now on.
   *
   * @param report called whenever {@link #leader} has become another one; must be quick
   */
  public void reportLeader(Runnable report) {
    stateMachine.reportLeader(report);
  }

  /** Who belongs to the quorum, who leads, and how far each one is. */
  public Quorum quorum() throws IOException {
    return members.quorum();
  }

  /**
   * Done when the change is committed; adding a broker waits until it has caught up.
   *
   * @param timeoutMs after which it fails with BROKER_UNAVAILABLE; the change may still be made
   */
  public CompletableFuture<Void> change(MemberChange change, long timeoutMs) {
    return leaderCalls
        .call(RaftCall.CHANGE_MEMBERS, repeated -> change.toBytes(), timeoutMs)
        .thenApply(done -> null);
  }

  /** Takes the calls of the other brokers. */
  public RaftHandler handler() {
    return handler;
  }

  /** Takes a snapshot and stops. */
  @Override
  public void close() throws IOException {
    stateMachine.expectEnd();
    handler.close();
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
    } finally {
      leadership.close();
    }
  }

  /**
   * Ratis makes a missing log anew, which would be an empty voter that has forgotten every topic.
   */
  private static void checkFolder(RaftConfig config) throws IOException {
    Path current = config.folder().resolve(config.clusterId().toString()).resolve("current");
    if (config.start() instanceof Start.Restart && !Files.isDirectory(current)) {
      throw new IOException(
          "the metadata of cluster %s is missing: there is no %s; mount the disk it is on or restore it from a copy"
              .formatted(config.clusterId(), current));
    }
    Files.createDirectories(config.folder());
  }

  private static Refusal tooLarge(int bytes) {
    return Refusal.of(
            ErrorCode.INVALID_ARGUMENT,
            "the command has %d bytes: keep it under %d".formatted(bytes, COMMAND_BYTES_MAX))
        .with("bytes", bytes)
        .with("bytes_max", COMMAND_BYTES_MAX);
  }
}
