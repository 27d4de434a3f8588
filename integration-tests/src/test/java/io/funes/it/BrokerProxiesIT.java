package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The proxies themselves, which stand in only where there are no network namespaces. */
final class BrokerProxiesIT {

  @Test
  void whatComesToACutArrivesWhenItIsOver() throws IOException {
    try (BrokerProxies proxies = new BrokerProxies(2)) {
      List<BrokerProcess> brokers =
          IntStream.range(0, 2)
              .mapToObj(id -> BrokerProcess.prepared("proxied-" + id, proxies.place(id)))
              .toList();
      proxies.connect(brokers);
      int port = brokers.getFirst().internalPort();
      try (ServerSocket zero = new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
          Socket one = new Socket()) {
        one.connect(new InetSocketAddress(BrokerProxies.address(1, 0), port));
        try (Socket accepted = zero.accept()) {
          one.getOutputStream().write(1);
          assertThat(accepted.getInputStream().read()).isEqualTo(1);

          proxies.cut(1, 0);
          one.getOutputStream().write(2);
          accepted.getOutputStream().write(3);
          assertThat(one.getInputStream().read()).isEqualTo(3);
          accepted.setSoTimeout(50);
          assertThatThrownBy(() -> accepted.getInputStream().read())
              .isInstanceOf(SocketTimeoutException.class);

          proxies.heal();
          accepted.setSoTimeout(0);
          assertThat(accepted.getInputStream().read()).isEqualTo(2);
        }
        assertThat(one.getInputStream().read()).isEqualTo(-1);
      }
    }
  }
}
