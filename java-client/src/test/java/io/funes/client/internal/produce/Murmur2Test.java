package io.funes.client.internal.produce;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class Murmur2Test {
  /** The vectors of Kafka's own UtilsTest. */
  @ParameterizedTest
  @CsvSource({
    "21, -973932308",
    "foobar, -790332482",
    "a-little-bit-long-string, -985981536",
    "a-little-bit-longer-string, -1486304829",
    "lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8, -58897971",
    "abc, 479470107",
  })
  void hashesAsKafkaDoes(String key, int hash) {
    assertThat(Murmur2.hash(key.getBytes(UTF_8))).isEqualTo(hash);
    assertThat(Murmur2.partition(key.getBytes(UTF_8), 6)).isEqualTo((hash & 0x7fffffff) % 6);
  }
}
