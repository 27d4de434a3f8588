package io.funes.server.api.fetch;

import com.google.protobuf.ByteString;
import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/**
 * Sends replies whose batches go from the segment file to the transport's buffers without being
 * held in between. {@code FetchResponse.partitions} and {@code ReadResponse.batches} are both field
 * 1, so one form serves both.
 */
final class ReplyMarshaller implements MethodDescriptor.Marshaller<ReplyMarshaller.Reply> {
  /** What is sent: slices, or a message that is bytes already. */
  sealed interface Reply {
    record Slices(List<SentBatches> partitions) implements Reply {}

    record Encoded(ByteString message) implements Reply {}
  }

  @Override
  public InputStream stream(Reply reply) {
    return switch (reply) {
      case Reply.Encoded encoded -> new ByteArrayInputStream(encoded.message().toByteArray());
      case Reply.Slices slices -> new SlicesStream(slices.partitions());
    };
  }

  @Override
  public Reply parse(InputStream stream) {
    throw new IllegalStateException("replies are only sent");
  }

  /** Drained by {@code sendMessage} before that returns; the slices may be closed then. */
  private static final class SlicesStream extends InputStream implements Drainable, KnownLength {
    private final List<SentBatches> partitions;
    private InputStream held;
    private boolean drained;

    SlicesStream(List<SentBatches> partitions) {
      this.partitions = partitions;
    }

    @Override
    public int drainTo(OutputStream target) throws IOException {
      int length = available();
      drained = true;
      for (SentBatches partition : partitions) {
        partition.writeField(target);
      }
      return length;
    }

    @Override
    public int available() {
      if (drained) {
        return 0;
      }
      int length = 0;
      for (SentBatches partition : partitions) {
        length += partition.fieldSize();
      }
      return length;
    }

    @Override
    public int read() throws IOException {
      return held().read();
    }

    @Override
    public int read(byte[] target, int at, int length) throws IOException {
      return held().read(target, at, length);
    }

    /** For transports that do not drain, such as one that compresses. */
    private InputStream held() throws IOException {
      if (held == null) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(available());
        drainTo(bytes);
        held = new ByteArrayInputStream(bytes.toByteArray());
      }
      return held;
    }
  }
}
