package io.funes.server.api.fetch;

import com.google.protobuf.ByteString;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.log.LogSlice;
import io.funes.server.record.BatchLayout;
import io.funes.server.record.Codec;
import io.funes.server.record.Compression;
import io.funes.server.record.Varint;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/**
 * Which codecs a reader decodes. Batches in others are decompressed for it, which is the only time
 * that the broker looks inside what it sends; a slice that holds none goes out as it is.
 */
final class SliceCodecs {
  /** Most that is made from one slice, so that a reply stays below the 4 MiB that stubs take. */
  private static final int BYTES_MAX = 3_700_000;

  /** A stored batch was within {@code batch.bytes.max} when it came, which may be set so high. */
  private static final int BATCH_BYTES_MAX = 64 << 20;

  private final int mask;

  /** Batches that the reader decodes, and the offset behind them. */
  record ReadableBatches(SentBatches.Batches batches, int records, long nextOffset) {}

  SliceCodecs(List<io.funes.proto.v1.Codec> accepted) {
    int bits = 1;
    for (io.funes.proto.v1.Codec codec : accepted) {
      if (codec == io.funes.proto.v1.Codec.UNRECOGNIZED) {
        throw Refusal.of(
                ErrorCode.INVALID_ARGUMENT, "accepted_codecs names a codec that does not exist")
            .field("accepted_codecs")
            .exception();
      }
      bits |= 1 << codec.getNumber();
    }
    mask = bits;
  }

  /**
   * All of a slice that goes out as it is, and what fits of one that grows, after {@code sent}
   * bytes of the same reply: perhaps nothing. The first batch of a reply always goes, or a reader
   * could not pass it.
   */
  ReadableBatches readable(LogSlice slice, int sent) {
    if (slice.compressed()) {
      return decompressed(slice, sent);
    }
    return new ReadableBatches(new FileSlice(slice), slice.recordCount(), slice.nextOffset());
  }

  private record FileSlice(LogSlice slice) implements SentBatches.Batches {
    @Override
    public int length() {
      return slice.length();
    }

    @Override
    public void transferTo(OutputStream out) throws IOException {
      slice.transferTo(out);
    }
  }

  private ReadableBatches decompressed(LogSlice slice, int sent) {
    ByteBuffer source = bytes(slice);
    ByteString.Output out = ByteString.newOutput(2 * slice.length());
    long nextOffset = slice.firstOffset();
    int records = 0;
    int at = 0;
    while (at < source.limit()) {
      int lengthSize = Varint.length(source, at + 1, source.limit());
      int batchAt = at + 1 + lengthSize;
      int length = (int) Varint.read(source, at + 1, lengthSize);
      int codecId = BatchLayout.attributes(source, batchAt) & BatchLayout.CODEC_MASK;
      byte[] entry =
          (mask & (1 << codecId)) != 0
              ? copy(source, at, batchAt + length - at)
              : plain(source, batchAt, length, Codec.of(codecId));
      if (sent + out.size() > 0 && sent + out.size() + entry.length > BYTES_MAX) {
        break;
      }
      out.write(entry, 0, entry.length);
      records += BatchLayout.recordCount(source, batchAt);
      nextOffset = BatchLayout.lastOffset(source, batchAt) + 1;
      at = batchAt + length;
    }
    return new ReadableBatches(new SentBatches.Held(out.toByteString()), records, nextOffset);
  }

  private static ByteBuffer bytes(LogSlice slice) {
    try {
      return slice.bytes().order(ByteOrder.LITTLE_ENDIAN);
    } catch (IOException e) {
      throw new RefusedException(
          ErrorCode.STORAGE_FAILURE, "the log cannot be read: %s".formatted(e.getMessage()));
    }
  }

  private static byte[] copy(ByteBuffer source, int at, int length) {
    byte[] bytes = new byte[length];
    source.get(at, bytes);
    return bytes;
  }

  /** The entry of a batch with its body out of its codec, and the CRC of that. */
  private static byte[] plain(ByteBuffer source, int batchAt, int length, Codec codec) {
    int bodyLengthAt = batchAt + BatchLayout.HEADER_BYTES + 1;
    int bodyAt = bodyLengthAt + Varint.length(source, bodyLengthAt, source.limit());
    byte[] body =
        Compression.decompress(codec, source, bodyAt, batchAt + length - bodyAt, BATCH_BYTES_MAX);
    int plainLength = BatchLayout.HEADER_BYTES + 1 + Varint.size(body.length) + body.length;
    ByteBuffer entry =
        ByteBuffer.allocate(1 + Varint.size(plainLength) + plainLength)
            .order(ByteOrder.LITTLE_ENDIAN);
    entry.put(0, BatchLayout.ENTRY_TAG);
    int at = Varint.write(entry, 1, plainLength);
    entry.put(at, source, batchAt, BatchLayout.HEADER_BYTES);
    BatchLayout.clearCodec(entry, at);
    entry.put(at + BatchLayout.HEADER_BYTES, BatchLayout.RECORDS_TAG);
    int plainBodyAt = Varint.write(entry, at + BatchLayout.HEADER_BYTES + 1, body.length);
    entry.put(plainBodyAt, body);
    BatchLayout.setCrc(entry, at, BatchLayout.computeCrc(entry, at, plainLength));
    return entry.array();
  }
}
