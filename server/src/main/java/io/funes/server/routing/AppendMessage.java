package io.funes.server.routing;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import io.funes.proto.v1.Acks;
import io.funes.proto.v1.PartitionAppend;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceResponse;
import io.funes.proto.v1.ProduceStreamRequest;
import io.funes.server.record.EntryBuilder;
import io.funes.server.replication.AppendCallback;
import io.funes.server.replication.AppendTerms;
import io.funes.server.replication.ServedTopic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** An entry as a {@code ProduceRequest} with a batch, whose records nobody looks at on the way. */
final class AppendMessage {
  private static final int FIELDS_BYTES = 400;

  private AppendMessage() {}

  static ByteString request(
      ServedTopic topic, int partition, String topicId, ByteBuffer entry, AppendTerms terms) {
    ProduceRequest.Builder fields =
        ProduceRequest.newBuilder()
            .setTopic(topic.image().name().value())
            .setTopicId(topicId)
            .setPartition(partition)
            .setLeaderEpoch(topic.leaderEpoch(partition))
            .setAcks(acks(terms));
    if (terms.expectedOffset() != AppendTerms.ANY_OFFSET) {
      fields.setExpectedOffset(terms.expectedOffset());
    }
    int at = EntryBuilder.batchAt(entry);
    ByteBuffer batch = entry.slice(at, entry.limit() - at);
    return written(
        batch.remaining(),
        out -> {
          out.writeByteBuffer(ProduceRequest.BATCH_FIELD_NUMBER, batch);
          fields.build().writeTo(out);
        });
  }

  private static Acks acks(AppendTerms terms) {
    return switch (terms.acks()) {
      case NONE -> Acks.ACKS_NONE;
      case LEADER -> Acks.ACKS_LEADER;
      case ALL -> Acks.ACKS_ALL;
    };
  }

  static ByteString inStream(long correlationId, ByteString request) {
    return written(
        request.size(),
        out -> {
          out.writeBytes(ProduceStreamRequest.REQUEST_FIELD_NUMBER, request);
          out.writeInt64(ProduceStreamRequest.CORRELATION_ID_FIELD_NUMBER, correlationId);
        });
  }

  /** Writes a message. */
  private interface Writing {
    void to(CodedOutputStream out) throws IOException;
  }

  private static ByteString written(int bytes, Writing message) {
    ByteString.Output bytesOut = ByteString.newOutput(bytes + FIELDS_BYTES);
    try {
      CodedOutputStream out = CodedOutputStream.newInstance(bytesOut);
      message.to(out);
      out.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytesOut.toByteString();
  }

  static void answer(ProduceResponse response, AppendCallback callback) {
    for (PartitionAppend append : response.getAppendsList()) {
      callback.appended(
          append.getBaseOffset(),
          append.getLastOffset(),
          append.getAppendTimeMs(),
          append.getDeduplicated());
    }
  }
}
