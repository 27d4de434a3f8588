package io.funes.server.api;

import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * Who keeps the metadata log, as this broker knows now.
 *
 * @param leaderId who is known to lead it: the controller
 * @param members voters first
 */
public record QuorumView(long term, OptionalInt leaderId, List<Member> members) {
  /** Where nothing is known, as while the log closes. */
  public static final QuorumView UNKNOWN = new QuorumView(0, OptionalInt.empty(), List.of());

  /**
   * A broker of it.
   *
   * @param address empty where it has none, being alone
   * @param committed entry up to which it knows the log to be committed
   * @param lag entries that it is behind the farthest
   */
  public record Member(
      int brokerId, String address, boolean voter, OptionalLong committed, OptionalLong lag) {}

  public QuorumView {
    members = List.copyOf(members);
  }

  /** The way to the quorum itself. */
  public interface Source {
    /** The quorum now. */
    QuorumView view();

    /**
     * From now on.
     *
     * @param report called whenever another broker is known to lead; must be quick
     */
    void reportLeader(Runnable report);

    /** A broker gets the log no more; nothing happens where it is no member. */
    CompletableFuture<Void> remove(int brokerId);
  }

  boolean has(int brokerId) {
    return members.stream().anyMatch(member -> member.brokerId() == brokerId);
  }
}
