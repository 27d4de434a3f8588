package io.funes.server.testing;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.Records;
import io.funes.server.record.BatchLayout;
import io.funes.server.record.Codec;
import io.funes.server.record.Compression;
import io.funes.server.record.EntryBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** A log entry in the making. All that is not said is plain: no producer, no codec, time 1000. */
public final class TestBatch {
  private final List<Record> records = new ArrayList<>();
  private long baseTimestampMs = 1000;
  private long producerId;
  private int producerEpoch;
  private int baseSequence;
  private Codec codec = Codec.NONE;

  private TestBatch() {}

  /** A batch of one record for each value. */
  public static TestBatch of(String... values) {
    TestBatch batch = new TestBatch();
    for (String value : values) {
      batch.records.add(Record.newBuilder().setValue(ByteString.copyFromUtf8(value)).build());
    }
    return batch;
  }

  /** A batch of {@code count} records whose values take {@code bytes} each. */
  public static TestBatch of(int count, int bytes) {
    String[] values = new String[count];
    java.util.Arrays.fill(values, "x".repeat(bytes));
    return of(values);
  }

  /** Gives the records their own timestamps, in order. */
  public TestBatch timesMs(long... timestamps) {
    for (int i = 0; i < timestamps.length; i++) {
      records.set(i, records.get(i).toBuilder().setTimestampMs(timestamps[i]).build());
    }
    return this;
  }

  public TestBatch timeMs(long timestampMs) {
    baseTimestampMs = timestampMs;
    return this;
  }

  public TestBatch producer(long id, int epoch, int sequence) {
    producerId = id;
    producerEpoch = epoch;
    baseSequence = sequence;
    return this;
  }

  public TestBatch codec(Codec newCodec) {
    codec = newCodec;
    return this;
  }

  /** The entry as a log takes it: in a direct buffer, with its checksum. */
  public ByteBuffer entry() {
    byte[] body = body();
    ByteBuffer buffer =
        ByteBuffer.allocateDirect(EntryBuilder.HEADROOM_BYTES + body.length)
            .order(ByteOrder.LITTLE_ENDIAN);
    buffer.put(EntryBuilder.HEADROOM_BYTES, body);
    ByteBuffer entry =
        new EntryBuilder()
            .aroundBody(
                buffer,
                EntryBuilder.HEADROOM_BYTES,
                body.length,
                records.size(),
                baseTimestampMs,
                maxTimestampMs());
    int at = EntryBuilder.batchAt(entry);
    if (codec != Codec.NONE) {
      entry.putInt(at + 29, codec.id());
      entry.put(at + BatchLayout.HEADER_BYTES, BatchLayout.COMPRESSED_TAG);
    }
    BatchLayout.setProducer(entry, at, producerId, producerEpoch, baseSequence);
    BatchLayout.setCrc(entry, at, BatchLayout.computeCrc(entry, at, entry.limit() - at));
    return entry;
  }

  private byte[] body() {
    byte[] body = Records.newBuilder().addAllRecords(records).build().toByteArray();
    try {
      return codec == Codec.NONE ? body : Compression.compress(codec, body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private long maxTimestampMs() {
    return records.stream()
        .mapToLong(r -> r.hasTimestampMs() ? r.getTimestampMs() : baseTimestampMs)
        .max()
        .orElseThrow();
  }
}
