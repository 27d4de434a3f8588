package io.funes.server.testing;

import io.funes.server.api.QuorumView;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/** A quorum that is as the test says. */
public final class ToldQuorum implements QuorumView.Source {
  private volatile QuorumView view = QuorumView.UNKNOWN;
  private volatile Runnable onLeader = () -> {};

  /** From now on these vote, the first of them leads, and nothing else is known. */
  public void voters(Integer... ids) {
    view(
        new QuorumView(
            1,
            OptionalInt.of(ids[0]),
            List.of(ids).stream()
                .map(id ->
                    new QuorumView.Member(id, "", true, OptionalLong.empty(), OptionalLong.empty()))
                .toList()));
  }

  public void view(QuorumView now) {
    view = now;
    onLeader.run();
  }

  @Override
  public QuorumView view() {
    return view;
  }

  @Override
  public void reportLeader(Runnable report) {
    onLeader = report;
  }

  @Override
  public CompletableFuture<Void> remove(int brokerId) {
    view =
        new QuorumView(
            view.term(),
            view.leaderId(),
            view.members().stream().filter(member -> member.brokerId() != brokerId).toList());
    return CompletableFuture.completedFuture(null);
  }
}
