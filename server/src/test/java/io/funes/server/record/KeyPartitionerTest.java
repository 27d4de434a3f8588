package io.funes.server.record;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeyPartitionerTest {
  /** The vectors of Kafka's UtilsTest. */
  @ParameterizedTest
  @CsvSource({
    "21, -973932308",
    "foobar, -790332482",
    "a-little-bit-long-string, -985981536",
    "a-little-bit-longer-string, -1486304829",
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971",
    "abc, 479470107"
  })
  void keysHashAsInKafka(String key, int hash) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    ByteBuffer amid = ByteBuffer.allocate(bytes.length + 6).put(3, bytes);

    assertThat(KeyPartitioner.murmur2(amid, 3, bytes.length)).isEqualTo(hash);
    assertThat(KeyPartitioner.partition(amid, 3, bytes.length, 7))
        .isEqualTo((hash & Integer.MAX_VALUE) % 7);
  }

  @Test
  void anEmptyKeyHasAPartitionToo() {
    assertThat(KeyPartitioner.partition(ByteBuffer.allocate(0), 0, 0, 5)).isBetween(0, 4);
  }
}
