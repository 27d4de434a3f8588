package io.funes.server.metadata.raft;

import java.io.IOException;
import java.util.UUID;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * A command on its way to the leader.
 *
 * @param clientId with the call's id what Ratis knows a repeated command by, and answers it as the
 *     first time
 * @param term the leader takes it in this term only; or {@link #ANY_TERM}
 * @param repeatedSince {@link #FIRST}; or, where it may be in the log already, the last entry that
 *     is certainly before it
 * @param command as {@link io.funes.server.metadata.CommandCodec} writes it
 */
record Submission(UUID clientId, long callId, long term, long repeatedSince, ByteString command) {
  static final long ANY_TERM = -1;
  static final long FIRST = Long.MIN_VALUE;

  byte[] toBytes() {
    return WireBytes.write(out -> {
      out.writeLong(clientId.getMostSignificantBits());
      out.writeLong(clientId.getLeastSignificantBits());
      out.writeLong(callId);
      out.writeLong(term);
      out.writeLong(repeatedSince);
      command.writeTo(out);
    });
  }

  static Submission from(byte[] bytes) throws IOException {
    return WireBytes.read(
        bytes,
        in ->
            new Submission(
                new UUID(in.readLong(), in.readLong()),
                in.readLong(),
                in.readLong(),
                in.readLong(),
                ByteString.readFrom(in)));
  }
}
