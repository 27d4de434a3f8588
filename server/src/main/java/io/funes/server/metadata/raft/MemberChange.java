package io.funes.server.metadata.raft;

import java.io.IOException;

/** A change of the quorum. Asking for what is so already changes nothing. */
public record MemberChange(Kind kind, Peer peer) {
  /** Stored by name: append only. */
  public enum Kind {
    /** One more broker gets the log; or one that is a member has a new address. */
    ADD_LISTENER,
    /** A listener that has caught up becomes a voter. */
    PROMOTE,
    /** A voter becomes a listener. */
    DEMOTE,
    /** A member gets nothing any more. */
    REMOVE,
    /** A voter becomes the leader. */
    LEAD
  }

  byte[] toBytes() {
    return WireBytes.write(out -> {
      out.writeUTF(kind.name());
      out.writeInt(peer.nodeId());
      out.writeUTF(peer.address());
    });
  }

  static MemberChange from(byte[] bytes) throws IOException {
    try {
      return WireBytes.read(
          bytes,
          in -> new MemberChange(Kind.valueOf(in.readUTF()), new Peer(in.readInt(), in.readUTF())));
    } catch (IllegalArgumentException e) {
      throw new IOException("a change that this release does not know", e);
    }
  }
}
