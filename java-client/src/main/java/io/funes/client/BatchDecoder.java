package io.funes.client;

import io.funes.client.internal.consume.Frame;
import io.funes.client.internal.record.BatchFormat;
import io.funes.client.internal.record.Bytes;
import io.funes.client.internal.record.Codecs;
import java.io.IOException;

/** Opens the batches of frames: checks them once and decompresses where needed. */
final class BatchDecoder {
  private final boolean checkCrc;
  private final int maxBatchBytes;

  BatchDecoder(boolean checkCrc, int maxBatchBytes) {
    this.checkCrc = checkCrc;
    this.maxBatchBytes = maxBatchBytes;
  }

  /**
   * The batch as a cursor over its records from this offset on; null for one without records for
   * readers.
   *
   * @throws CorruptBatchException when header or checksum are not right
   * @throws CodecMissingException when it cannot be decompressed here
   * @throws BatchTooLargeException when it takes too much memory decompressed
   */
  BatchView open(Frame frame, int index, long fromOffset) {
    byte[] buffer = frame.buffer();
    int at = frame.batchStart(index);
    int end = frame.batchEnd(index);
    if (!BatchFormat.isCanonical(buffer, at, end)) {
      throw corrupt(frame, -1, "has no canonical header", null);
    }
    long baseOffset = Bytes.getLong(buffer, at + BatchFormat.BASE_OFFSET);
    int crc = Bytes.getInt(buffer, at + BatchFormat.CRC);
    if (checkCrc && crc != BatchFormat.crc(buffer, at, end)) {
      throw corrupt(frame, baseOffset, "does not match its checksum", null);
    }
    int attributes = Bytes.getInt(buffer, at + BatchFormat.ATTRIBUTES);
    if ((attributes & BatchFormat.CONTROL) != 0) {
      return null;
    }
    int bodyAt = at + BatchFormat.HEADER_BYTES + 1;
    while (buffer[bodyAt] < 0) {
      bodyAt++;
    }
    bodyAt++;
    BatchView view = new BatchView(frame.partition(), buffer, at, fromOffset);
    int codec = attributes & BatchFormat.CODEC_MASK;
    if (codec == 0) {
      view.records(buffer, bodyAt, end);
    } else {
      byte[] records = decompress(frame, codec, bodyAt, end, baseOffset);
      if (records == null) {
        throw tooLarge(view, baseOffset);
      }
      view.records(records, 0, records.length);
    }
    return view;
  }

  private byte[] decompress(Frame frame, int codec, int from, int end, long baseOffset) {
    Compression compression = Codecs.byId(codec);
    if (compression == null) {
      throw corrupt(frame, baseOffset, "has the unknown codec " + codec, null);
    }
    try {
      return Codecs.require(compression)
          .decompress(frame.buffer(), from, end - from, maxBatchBytes);
    } catch (IOException e) {
      throw corrupt(frame, baseOffset, "cannot be decompressed", e);
    }
  }

  private BatchTooLargeException tooLarge(BatchView view, long baseOffset) {
    String message =
        "a batch of %s at offset %d takes more than the %d bytes of maxBatchBytes decompressed; seek to %d to pass it over"
            .formatted(view.topicPartition(), baseOffset, maxBatchBytes, view.nextOffset());
    return new BatchTooLargeException(
        Failure.of(ErrorReason.BATCH_TOO_LARGE, message),
        view.topicPartition(),
        baseOffset,
        view.nextOffset());
  }

  private static CorruptBatchException corrupt(
      Frame frame, long baseOffset, String what, Throwable cause) {
    String where = baseOffset < 0 ? "" : " at offset " + baseOffset;
    String message = "a batch of " + frame.partition() + where + " " + what;
    return new CorruptBatchException(
        new Failure(ErrorReason.CRC_MISMATCH, message, false, cause),
        frame.partition(),
        baseOffset);
  }
}
