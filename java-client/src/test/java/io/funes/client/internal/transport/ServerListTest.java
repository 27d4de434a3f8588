package io.funes.client.internal.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServerListTest {
  @Test
  void severalAddressesKeepTheirOrder() {
    assertThat(ServerList.parse("b:1, a:65535,[::1]:1942").addresses())
        .containsExactly(
            new ServerList.Address("b", 1),
            new ServerList.Address("a", 65_535),
            new ServerList.Address("[::1]", 1942));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a", "a:", ":1", "a:0", "a:65536", "a:1,", "a:1;b:1", "http://a:1"})
  void whatIsNoAddressIsRefusedAtOnce(String text) {
    assertThatThrownBy(() -> ServerList.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is no server address: write HOST:PORT, such as 127.0.0.1:1942");
  }
}
