package io.funes.server.config;

import java.util.Optional;

/** Where metrics are served, before {@code listen} is known. */
sealed interface MetricsListen {
  record Off() implements MetricsListen {}

  /** Moves with {@code listen}, so that a second broker on a machine needs one setting only. */
  record Auto() implements MetricsListen {}

  record At(ListenAddress address) implements MetricsListen {}

  static ValueType<MetricsListen> type() {
    return new ValueType<>(
        "HOST:PORT, auto or off",
        text ->
            switch (text) {
              case "", "off" -> Optional.of(new Off());
              case "auto" -> Optional.of(new Auto());
              default -> ListenAddress.parse(text).map(At::new);
            });
  }

  default Optional<ListenAddress> resolve(ListenAddress listen) {
    return switch (this) {
      case Off off -> Optional.empty();
      case Auto auto -> {
        boolean free = listen.port() == 0 || listen.port() == ListenAddress.PORT_MAX;
        yield Optional.of(new ListenAddress("127.0.0.1", free ? 0 : listen.port() + 1));
      }
      case At at -> Optional.of(at.address());
    };
  }
}
