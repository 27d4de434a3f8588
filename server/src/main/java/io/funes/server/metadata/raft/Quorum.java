package io.funes.server.metadata.raft;

import java.util.List;
import java.util.Optional;

/**
 * The quorum as one broker sees it.
 *
 * @param leader who is known to lead
 */
public record Quorum(long term, Optional<Integer> leader, List<Member> members) {
  /**
   * A broker of it.
   *
   * @param committed how far this member knows the log to be committed, as far as is known here
   * @param lag entries that it is behind the farthest
   */
  public record Member(Peer peer, boolean voter, long committed, long lag) {}

  public Quorum {
    members = List.copyOf(members);
  }

  public List<Integer> voters() {
    return ids(true);
  }

  public List<Integer> listeners() {
    return ids(false);
  }

  Optional<Member> member(int nodeId) {
    return members.stream().filter(member -> member.peer().nodeId() == nodeId).findFirst();
  }

  private List<Integer> ids(boolean voter) {
    return members.stream()
        .filter(member -> member.voter() == voter)
        .map(member -> member.peer().nodeId())
        .sorted()
        .toList();
  }
}
