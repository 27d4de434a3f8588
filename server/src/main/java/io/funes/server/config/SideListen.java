package io.funes.server.config;

import java.util.Optional;
import java.util.function.Supplier;

/** Where something is served beside {@code listen}, before that is known. */
sealed interface SideListen {
  record Off() implements SideListen {}

  /** Moves with {@code listen}, so that a second broker on a machine needs one setting only. */
  record Auto() implements SideListen {}

  record At(ListenAddress address) implements SideListen {}

  static ValueType<SideListen> type() {
    return new ValueType<>(
        "HOST:PORT, auto or off",
        text ->
            switch (text) {
              case "", "off" -> Optional.of(new Off());
              case "auto" -> Optional.of(new Auto());
              default -> ListenAddress.parse(text).map(At::new);
            });
  }

  /** What {@code auto} means is up to the caller. */
  default Optional<ListenAddress> resolve(Supplier<Optional<ListenAddress>> auto) {
    return switch (this) {
      case Off off -> Optional.empty();
      case Auto moves -> auto.get();
      case At at -> Optional.of(at.address());
    };
  }
}
