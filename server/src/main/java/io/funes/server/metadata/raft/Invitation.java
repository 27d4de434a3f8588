package io.funes.server.metadata.raft;

import java.io.IOException;
import java.util.UUID;

/** The leader's word that the called broker may listen to the log of this cluster. */
record Invitation(UUID clusterId, int nodeId) {
  byte[] toBytes() {
    return WireBytes.write(out -> {
      out.writeLong(clusterId.getMostSignificantBits());
      out.writeLong(clusterId.getLeastSignificantBits());
      out.writeInt(nodeId);
    });
  }

  static Invitation from(byte[] bytes) throws IOException {
    return WireBytes.read(
        bytes, in -> new Invitation(new UUID(in.readLong(), in.readLong()), in.readInt()));
  }
}
