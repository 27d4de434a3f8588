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
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.apache.ratis.protocol.Message;
import org.apache.ratis.protocol.RaftGroupId;
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
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Consumer<Throwable> onFatal;

  private volatile MetadataImage image = MetadataImage.EMPTY;

  RatisStateMachine(Consumer<Throwable> onFatal) {
    this.onFatal = onFatal;
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
    SingleFileSnapshotInfo snapshot = storage.getLatestSnapshot();
    if (snapshot != null) {
      image = SnapshotFiles.read(snapshot);
      setLastAppliedTermIndex(snapshot.getTermIndex());
    }
  }

  @Override
  public StateMachineStorage getStateMachineStorage() {
    return storage;
  }

  @Override
  public CompletableFuture<Message> applyTransaction(TransactionContext transaction) {
    LogEntryProto entry = transaction.getLogEntry();
    try {
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
    if (at.getIndex() <= RaftLog.INVALID_LOG_INDEX) {
      return RaftLog.INVALID_LOG_INDEX;
    }
    SnapshotFiles.write(image, at, storage);
    return at.getIndex();
  }

  @Override
  public void notifyLeaderReady() {
    leaderReady.complete(null);
  }

  @Override
  public void notifyLogFailed(Throwable cause, LogEntryProto failedEntry) {
    end(new IllegalStateException("the metadata log cannot be written", cause));
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

  private static Message message(Outcome outcome) throws IOException {
    ByteString.Output bytes = ByteString.newOutput();
    OutcomeCodec.write(outcome, new DataOutputStream(bytes));
    return Message.valueOf(bytes.toByteString());
  }

  private void end(Throwable cause) {
    leaderReady.completeExceptionally(cause);
    if (ended.compareAndSet(false, true)) {
      log.error("The metadata log has ended", cause);
      onFatal.accept(cause);
    }
  }
}
