package io.funes.bench.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingTest {
  @Test
  void travelsAsText() {
    Setting setting =
        new Setting("linger 5 ms", Map.of("producer.linger.ms", "5", "consumer.x", "a=b"));

    Setting parsed = Setting.parse(setting.toString());

    assertThat(parsed).isEqualTo(setting);
    assertThat(parsed.under("producer.")).isEqualTo(Map.of("linger.ms", "5"));
    assertThat(Setting.parse("defaults")).isEqualTo(Setting.DEFAULTS);
  }
}
