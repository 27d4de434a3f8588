package io.funes.server.broker;

import io.funes.server.api.QuorumView;
import io.funes.server.metadata.raft.MemberChange;
import io.funes.server.metadata.raft.Peer;
import io.funes.server.metadata.raft.Quorum;
import io.funes.server.metadata.raft.RatisMetadataLog;
import java.io.IOException;
import java.util.Comparator;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** Shows the API who keeps the metadata log. */
record MetadataQuorumView(RatisMetadataLog metadata) implements QuorumView.Source {
  private static final long CHANGE_MS_MAX = 30_000;

  @Override
  public QuorumView view() {
    try {
      Quorum quorum = metadata.quorum();
      return new QuorumView(
          quorum.term(),
          quorum.leader().map(OptionalInt::of).orElseGet(OptionalInt::empty),
          quorum.members().stream()
              .map(MetadataQuorumView::member)
              .sorted(
                  Comparator.comparingInt((QuorumView.Member member) -> member.voter() ? 0 : 1)
                      .thenComparingInt(QuorumView.Member::brokerId))
              .toList());
    } catch (IOException e) {
      return QuorumView.UNKNOWN; // It is being closed.
    }
  }

  private static QuorumView.Member member(Quorum.Member member) {
    boolean known = member.committed() > 0;
    return new QuorumView.Member(
        member.peer().nodeId(),
        member.peer().address(),
        member.voter(),
        known ? OptionalLong.of(member.committed()) : OptionalLong.empty(),
        known ? OptionalLong.of(member.lag()) : OptionalLong.empty());
  }

  @Override
  public void reportLeader(Runnable report) {
    metadata.reportLeader(report);
  }

  @Override
  public CompletableFuture<Void> remove(int brokerId) {
    return metadata.change(
        new MemberChange(MemberChange.Kind.REMOVE, new Peer(brokerId, "")), CHANGE_MS_MAX);
  }
}
