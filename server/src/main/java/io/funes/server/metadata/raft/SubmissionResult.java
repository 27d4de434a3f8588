package io.funes.server.metadata.raft;

import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.OutcomeCodec;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.apache.ratis.protocol.RaftClientReply;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/**
 * What the leader answers to a command.
 *
 * @param index of the command's entry: who asked elsewhere is answered when it is applied there too
 * @param outcome as {@link OutcomeCodec} writes it
 */
record SubmissionResult(long index, ByteString outcome) {
  static SubmissionResult of(RaftClientReply reply) {
    return new SubmissionResult(reply.getLogIndex(), reply.getMessage().getContent());
  }

  ByteString toBytes() {
    return WireBytes.string(out -> {
      out.writeLong(index);
      outcome.writeTo(out);
    });
  }

  static SubmissionResult from(ByteString bytes) {
    return new SubmissionResult(
        bytes.asReadOnlyByteBuffer().getLong(), bytes.substring(Long.BYTES));
  }

  Outcome read() {
    try {
      return OutcomeCodec.read(new DataInputStream(outcome.newInput()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
