package io.funes.server.record;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class VarintTest {
  @Test
  void numbersAreWrittenAndReadAsProtobufDoes() throws IOException {
    LongStream numbers =
        LongStream.concat(
            LongStream.of(0, 1, 127, 128, 16_383, 16_384, -1, Long.MIN_VALUE, Long.MAX_VALUE),
            new Random(1).longs(10_000).map(n -> n >> (n & 63)));
    for (long number : numbers.toArray()) {
      byte[] expected = new byte[CodedOutputStream.computeUInt64SizeNoTag(number)];
      CodedOutputStream.newInstance(expected).writeUInt64NoTag(number);
      ByteBuffer buffer = ByteBuffer.allocate(12);

      int end = Varint.write(buffer, 1, number);

      assertThat(end - 1).isEqualTo(expected.length).isEqualTo(Varint.size(number));
      assertThat(buffer.slice(1, expected.length)).isEqualTo(ByteBuffer.wrap(expected));
      assertThat(Varint.length(buffer, 1, end)).isEqualTo(expected.length);
      assertThat(Varint.read(buffer, 1, expected.length)).isEqualTo(number);
      assertThat(Varint.length(buffer, 1, end - 1)).isEqualTo(-1);
    }
  }

  @Test
  void moreThan64BitsAreNoNumber() {
    byte[] bytes = new byte[11];
    java.util.Arrays.fill(bytes, (byte) 0x80);
    bytes[9] = 2;
    assertThat(Varint.length(ByteBuffer.wrap(bytes), 0, 11)).isEqualTo(-1);
    bytes[9] = 1;
    assertThat(Varint.length(ByteBuffer.wrap(bytes), 0, 11)).isEqualTo(10);
    bytes[9] = (byte) 0x80;
    assertThat(Varint.length(ByteBuffer.wrap(bytes), 0, 11)).isEqualTo(-1);
  }
}
