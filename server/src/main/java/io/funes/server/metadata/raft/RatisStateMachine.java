package io.funes.server.metadata.raft;

import io.funes.server.metadata.CommandCodec;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataDelta;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataListener;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.metadata.MetadataStateMachine.Step;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.OutcomeCodec;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RaftConfigurationProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftClientRequest;
import org.apache.ratis.protocol.RaftGroupId;
import org.apache.ratis.protocol.RaftGroupMemberId;
import org.apache.ratis.protocol.RaftPeerId;
import org.apache.ratis.server.RaftServer;
import org.apache.ratis.server.protocol.TermIndex;
import org.apache.ratis.server.raftlog.RaftLog;
import org.apache.ratis.server.storage.RaftStorage;
import org.apache.ratis.statemachine.StateMachineStorage;
import org.apache.ratis.statemachine.TransactionContext;
import org.apache.ratis.statemachine.impl.BaseStateMachine;
import org.apache.ratis.statemachine.impl.SimpleStateMachineStorage;
import org.apache.ratis.statemachine.impl.SingleFileSnapshotInfo;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.apache.ratis.util.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owner of the applied image. Ratis' updater thread alone changes it, and takes the snapshots, so
 * that a snapshot is the image of exactly its index; listeners are called with the lock, which
 * makes a late one miss nothing.
 *
 * <p>Whatever fails here (bytes that cannot be read, a listener that throws, a log that cannot be
 * written, a server that Ratis stopped on its own) is final: a broker that went on would answer
 * from an image that others do not have.
 */
final class RatisStateMachine extends BaseStateMachine {
  private static final Logger log = LoggerFactory.getLogger(RatisStateMachine.class);

  private final SimpleStateMachineStorage storage = new SimpleStateMachineStorage();
  private final List<MetadataListener> listeners = new ArrayList<>();
  private final CompletableFuture<Void> leaderReady = new CompletableFuture<>();
  private final AppliedIndex appliedIndex = new AppliedIndex();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final CompletableFuture<Throwable> failure = new CompletableFuture<>();
  private final CompletableFuture<Void> inUse = new CompletableFuture<>();

  private volatile MetadataImage image = MetadataImage.EMPTY;
  private volatile long repliesSince = RaftLog.INVALID_LOG_INDEX;
  private volatile Runnable onLeadership = () -> {};
  private volatile Runnable onLeader = () -> {};
  private volatile Consumer<RaftConfigurationProto> onMembers = members -> {};
  private volatile LongConsumer onCommitted = index -> {};

  /**
   * @param onFatal told once when it ends on its own, if it is in use by then
   */
  RatisStateMachine(Consumer<Throwable> onFatal) {
    var _ = failure.thenAcceptBoth(inUse, (cause, _) -> onFatal.accept(cause));
  }

  /** Before this its end is the business of who awaits {@link #leaderReady}. */
  void beginUse() {
    inUse.complete(null);
  }

  /**
   * @param report called whenever this broker may have begun or ceased to lead; must be quick
   */
  void reportLeadership(Runnable report) {
    onLeadership = report;
  }

  /**
   * @param report called whenever this broker hears of another leader; must be quick
   */
  void reportLeader(Runnable report) {
    onLeader = report;
  }

  MetadataImage image() {
    return image;
  }

  /**
   * Done when this broker leads and has applied all that was logged before; fails when it ends
   * before that.
   */
  CompletableFuture<Void> leaderReady() {
    return leaderReady;
  }

  /**
   * @param report called with the members after each change of them
   */
  void reportMembers(Consumer<RaftConfigurationProto> report) {
    onMembers = report;
  }

  /**
   * @param report called with the index of each entry that is committed, commands before they are
   *     applied here; must be quick
   */
  void reportCommitted(LongConsumer report) {
    onCommitted = report;
  }

  /** Ratis knows the answers to all commands that were logged after this entry, if not too old. */
  long repliesSince() {
    return repliesSince;
  }

  long applied() {
    return getLastAppliedTermIndex().getIndex();
  }

  /** Done when the image holds the entry. */
  CompletableFuture<Void> whenApplied(long index) {
    return appliedIndex.reaches(index);
  }

  /** Of entries of every kind, Ratis' own too. */
  @Override
  protected boolean updateLastAppliedTermIndex(long term, long index) {
    boolean updated = super.updateLastAppliedTermIndex(term, index);
    appliedIndex.is(index);
    return updated;
  }

  boolean ended() {
    return ended.get();
  }

  void subscribe(MetadataListener listener) {
    synchronized (listeners) {
      listener.changed(image, MetadataDelta.between(MetadataImage.EMPTY, image));
      listeners.add(listener);
    }
  }

  /** From now on an end is wanted. */
  void expectEnd() {
    ended.set(true);
  }

  @Override
  public void initialize(RaftServer server, RaftGroupId groupId, RaftStorage raftStorage)
      throws IOException {
    super.initialize(server, groupId, raftStorage);
    storage.init(raftStorage);
    getLifeCycle().startAndTransition(this::load, IOException.class);
  }

  /** A snapshot has come and is about to take the place of ours. */
  @Override
  public void pause() {
    synchronized (listeners) { // Not in the middle of an entry.
      if (getLifeCycle().getCurrentState() == LifeCycle.State.RUNNING) {
        getLifeCycle().transition(LifeCycle.State.PAUSING);
        getLifeCycle().transition(LifeCycle.State.PAUSED);
      }
    }
  }

  /** It has: listeners hear of all that it changes at once. */
  @Override
  public void reinitialize() throws IOException {
    try {
      getLifeCycle().transition(LifeCycle.State.STARTING);
      storage.loadLatestSnapshot();
      load();
      getLifeCycle().transition(LifeCycle.State.RUNNING);
    } catch (IOException | RuntimeException e) {
      end(new IllegalStateException("the leader's snapshot cannot be taken over", e));
      throw e;
    }
  }

  private void load() throws IOException {
    SingleFileSnapshotInfo snapshot = storage.getLatestSnapshot();
    if (snapshot == null) {
      return;
    }
    MetadataImage loaded = SnapshotFiles.read(snapshot);
    synchronized (listeners) {
      MetadataDelta delta = MetadataDelta.between(image, loaded);
      image = loaded;
      setLastAppliedTermIndex(snapshot.getTermIndex());
      appliedIndex.is(snapshot.getIndex());
      repliesSince = snapshot.getIndex();
      if (!delta.isEmpty()) {
        listeners.forEach(listener -> listener.changed(loaded, delta));
      }
    }
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return storage;
  }

  @Override
  public TransactionContext startTransaction(RaftClientRequest request) {
    return TermGuard.unwrap(request, this);
  }

  @Override
  public TransactionContext preAppendTransaction(TransactionContext transaction)
      throws IOException {
    TermGuard.check(transaction, getServer().join().getDivision(getGroupId()));
    return transaction;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    try {
      // First: brokers should apply it at about the same time.
      onCommitted.accept(entry.getIndex());
      ByteString command = entry.getStateMachineLogEntry().getLogData();
      Outcome outcome = apply(CommandCodec.read(new DataInputStream(command.newInput())));
      updateLastAppliedTermIndex(entry.getTerm(), entry.getIndex());
      return CompletableFuture.completedFuture(message(outcome));
    } catch (IOException | RuntimeException e) {
      IllegalStateException failure =
          new IllegalStateException(
              "metadata entry %d cannot be applied: %s".formatted(entry.getIndex(), e.getMessage()),
              e);
      end(failure);
      throw failure;
    }
  }

  @Override
  public long takeSnapshot() throws IOException {
    TermIndex at = getLastAppliedTermIndex();
    if (at.getIndex() <= RaftLog.INVALID_LOG_INDEX
        || getLifeCycle().getCurrentState() != LifeCycle.State.RUNNING) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    SnapshotFiles.write(image, at, storage);
    return at.getIndex();
  }

  @Override
  public void notifyLeaderReady() {
    leaderReady.complete(null);
    onLeadership.run();
  }

  @Override
  public void notifyNotLeader(Collection<TransactionContext> pending) {
    onLeadership.run();
  }

  /** On every broker; the others than the leader hear of it by its first call. */
  @Override
  public void notifyLeaderChanged(RaftGroupMemberId self, RaftPeerId leader) {
    onLeader.run();
  }

  @Override
  public void notifyConfigurationChanged(
      long term, long index, RaftConfigurationProto configuration) {
    onMembers.accept(configuration);
  }

  /** For entries that are Ratis' own: changes of the members, and the first of each term. */
  @Override
  public void notifyTermIndexUpdated(long term, long index) {
    super.notifyTermIndexUpdated(term, index);
    onCommitted.accept(index);
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
    end(new IllegalStateException("the metadata log cannot be written", cause));
  }

  /** The leader says that this broker is no member any more. */
  void removed() {
    end(new RemovedException());
  }

  @Override
  public void notifyServerShutdown(RoleInfoProto roleInfo, boolean allServer) {
    end(new IllegalStateException("Ratis stopped the metadata log"));
  }

  /** Also Ratis' only call after an error on its updater thread. */
  @Override
  public void close() {
    end(new IllegalStateException("Ratis closed the metadata log"));
  }

  private Outcome apply(MetadataCommand command) {
    synchronized (listeners) {
      Step step = MetadataStateMachine.apply(image, command);
      image = step.image();
      if (!step.delta().isEmpty()) {
        listeners.forEach(listener -> listener.changed(step.image(), step.delta()));
      }
      return step.outcome();
    }
  }

  private Message message(Outcome outcome) throws IOException {
    ByteString.Output bytes = ByteString.newOutput();
    OutcomeCodec.write(outcome, image.version(), new DataOutputStream(bytes));
    return Message.valueOf(bytes.toByteString());
  }

  private void end(Throwable cause) {
    leaderReady.completeExceptionally(cause);
    if (ended.compareAndSet(false, true)) {
      if (!(cause instanceof RemovedException)) { // Which says all, to the operator.
        log.error("The metadata log has ended", cause);
      }
      failure.complete(cause);
    }
  }
}
