package io.funes.client;

import static io.funes.client.ClientFixture.LONG;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.funes.client.internal.record.Codec;
import io.funes.client.internal.record.Codecs;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.Records;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** Small batches that would become large ones. */
final class DecompressionLimitTest {
  private static final TopicPartition T0 = new TopicPartition("t", 0);

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void batchAboveTheLimitIsRefusedAndCanBePassedOver(Compression compression) throws IOException {
    try (FakeBroker broker = new FakeBroker()) {
      FakeLog log = broker.topic("t", 1).log(0);
      synchronized (broker.topics) {
        log.append(batch(compression, "small"));
        log.append(batch(compression, "x".repeat(2 << 20)));
        log.append(batch(compression, "behind"));
      }
      try (Consumer consumer =
          Consumer.builder().server(broker.address()).maxBatchBytes(1 << 20).build()) {
        consumer.assign(T0);
        assertThat(consumer.poll(LONG))
            .extracting(ConsumerRecord::valueText)
            .containsExactly("small");
        for (int i = 0; i < 2; i++) {
          assertThatThrownBy(() -> consumer.poll(LONG))
              .isInstanceOfSatisfying(
                  BatchTooLargeException.class,
                  e -> {
                    assertThat(e.topicPartition()).isEqualTo(T0);
                    assertThat(e.baseOffset()).isEqualTo(1);
                    assertThat(e.nextOffset()).isEqualTo(2);
                  });
        }
        consumer.seek(T0, StartPosition.offset(2));
        assertThat(consumer.poll(LONG))
            .extracting(ConsumerRecord::valueText)
            .containsExactly("behind");
      }
      try (Consumer consumer = Consumer.builder().server(broker.address()).build()) {
        consumer.assign(T0);
        int read = 0;
        while (read < 3) {
          read += consumer.poll(Duration.ofSeconds(5)).count();
        }
      }
    }
  }

  @ParameterizedTest
  @EnumSource(mode = Mode.EXCLUDE, names = "NONE")
  void limitIsExact(Compression compression) throws IOException {
    Codec codec = Codecs.require(compression);
    for (int size : new int[] {0, 1, 255, 256, 257, 70_000}) {
      byte[] plain = new byte[size];
      byte[] packed = compressed(codec, plain);

      assertThat(codec.decompress(packed, 0, packed.length, Math.max(1, size))).isEqualTo(plain);
      if (size > 1) {
        assertThat(codec.decompress(packed, 0, packed.length, size - 1)).isNull();
      }
    }
  }

  @Test
  void snappyLengthsThatLieAreNotBelieved() throws IOException {
    Codec codec = Codecs.require(Compression.SNAPPY);
    byte[] packed = compressed(codec, new byte[100]);
    byte[] content = packed.clone();
    // The length of the first block's content: 2 GiB less one.
    ByteBuffer.wrap(content).position(20).put(new byte[] {-1, -1, -1, -1, 7});
    byte[] chunk = packed.clone();
    ByteBuffer.wrap(chunk).putInt(16, Integer.MAX_VALUE);

    assertThat(codec.decompress(content, 0, content.length, 64 << 20)).isNull();
    assertThatThrownBy(() -> codec.decompress(chunk, 0, chunk.length, 64 << 20))
        .isInstanceOf(IOException.class);
    assertThatThrownBy(() -> codec.decompress(packed, 1, packed.length - 1, 64 << 20))
        .isInstanceOf(IOException.class);
  }

  private static RecordBatch batch(Compression compression, String value) throws IOException {
    Records records =
        Records.newBuilder()
            .addRecords(Record.newBuilder().setValue(ByteString.copyFromUtf8(value)))
            .build();
    byte[] packed = compressed(Codecs.require(compression), records.toByteArray());
    return FakeBatches.withCrc(
        FakeBatches.of(1, records.getRecordsList()).toBuilder()
            .setAttributes(Codecs.id(compression))
            .setCompressedRecords(ByteString.copyFrom(packed))
            .build());
  }

  private static byte[] compressed(Codec codec, byte[] plain) throws IOException {
    byte[] target = new byte[codec.compressedBytesMax(plain.length)];
    return Arrays.copyOf(target, codec.compress(plain, 0, plain.length, target, 0));
  }
}
