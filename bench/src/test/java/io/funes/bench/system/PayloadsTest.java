package io.funes.bench.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

class PayloadsTest {
  private final Payloads payloads = new Payloads(100);

  @Test
  void valuesCarryTheirNumber() {
    byte[] value = payloads.value(123_456_789_012L);

    assertThat(value).hasSize(100);
    assertThat(Payloads.sequence(value, 0)).isEqualTo(123_456_789_012L);
    assertThat(Payloads.sequence(ByteBuffer.wrap(value))).isEqualTo(123_456_789_012L);
    assertThat(Payloads.sequence(ByteBuffer.wrap(value).order(ByteOrder.LITTLE_ENDIAN)))
        .isEqualTo(123_456_789_012L);
  }

  @Test
  void bothSystemsGetTheSameBytes() {
    assertThat(payloads.value(7)).isEqualTo(new Payloads(100).value(7));
    assertThat(payloads.value(7)).isNotEqualTo(payloads.value(8));
  }
}
