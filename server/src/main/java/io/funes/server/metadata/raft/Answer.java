package io.funes.server.metadata.raft;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import java.io.IOException;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;

/** What a broker answers to a call that is for the leader. */
sealed interface Answer {
  /** Done; the result is the call's own. */
  record Done(ByteString result) implements Answer {}

  /**
   * Not the leader, and nothing was done.
   *
   * @param leaderAddress of the one it takes for the leader, or empty
   */
  record NotLeader(String leaderAddress) implements Answer {}

  /** Nobody knows whether it was done: ask again. */
  record Unknown(String why) implements Answer {}

  /** Not done, and asking again would not help. */
  record Refused(ErrorCode code, String message) implements Answer {
    Refusal refusal() {
      return Refusal.of(code, message);
    }
  }

  default byte[] toBytes() {
    return WireBytes.write(out -> {
      switch (this) {
        case Done(ByteString result) -> {
          out.writeByte(0);
          result.writeTo(out);
        }
        case NotLeader(String leaderAddress) -> {
          out.writeByte(1);
          out.writeUTF(leaderAddress);
        }
        case Unknown(String why) -> {
          out.writeByte(2);
          out.writeUTF(why);
        }
        case Refused(ErrorCode code, String message) -> {
          out.writeByte(3);
          out.writeUTF(code.name());
          out.writeUTF(message);
        }
      }
    });
  }

  static Answer from(byte[] bytes) throws IOException {
    return WireBytes.read(
        bytes,
        in ->
            switch (in.readByte()) {
              case 0 -> new Done(ByteString.readFrom(in));
              case 1 -> new NotLeader(in.readUTF());
              case 2 -> new Unknown(in.readUTF());
              case 3 -> refused(in.readUTF(), in.readUTF());
              default -> throw new IOException("an answer of a kind that this release lacks");
            });
  }

  /** A newer release may know a reason that this one does not. */
  private static Refused refused(String name, String message) {
    for (ErrorCode code : ErrorCode.values()) {
      if (code.name().equals(name)) {
        return new Refused(code, message);
      }
    }
    return new Refused(ErrorCode.INTERNAL, name + ": " + message);
  }
}
