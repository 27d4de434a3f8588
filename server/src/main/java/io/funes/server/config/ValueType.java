package io.funes.server.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How a value is read, and the words for what is legal. */
record ValueType<T>(String legal, Function<String, Optional<T>> parser) {
  static ValueType<Integer> integer(int min, int max) {
    return whole(min, max).map(Long::intValue);
  }

  static ValueType<Long> whole(long min, long max) {
    return new ValueType<>(
        "a whole number from %d to %d".formatted(min, max),
        text -> {
          try {
            long value = Long.parseLong(text);
            return value < min || value > max ? Optional.empty() : Optional.of(value);
          } catch (NumberFormatException e) {
            return Optional.empty();
          }
        });
  }

  /** A number, or a word for none. */
  static ValueType<OptionalInt> integerOr(String word, int min, int max) {
    ValueType<Integer> number = integer(min, max);
    return new ValueType<>(
        "%s, or %s".formatted(number.legal(), word),
        text ->
            text.equals(word)
                ? Optional.of(OptionalInt.empty())
                : number.parse(text).map(OptionalInt::of));
  }

  /** With commas between them, or none. */
  static ValueType<List<ListenAddress>> addresses() {
    return new ValueType<>(
        "HOST:PORT, with commas between several",
        text -> {
          List<ListenAddress> addresses = new ArrayList<>();
          for (String one : text.isEmpty() ? new String[0] : text.split(",", -1)) {
            Optional<ListenAddress> address = ListenAddress.parse(one.strip());
            if (address.isEmpty() || address.get().port() == 0) {
              return Optional.empty();
            }
            addresses.add(address.get());
          }
          return Optional.of(addresses);
        });
  }

  static ValueType<String> text(int lengthMax) {
    return new ValueType<>(
        "text of at most %d characters".formatted(lengthMax),
        text -> Optional.of(text).filter(value -> value.length() <= lengthMax));
  }

  static ValueType<Path> folder() {
    return new ValueType<>(
        "a folder; it is made when it does not exist",
        text -> {
          try {
            return Optional.of(text)
                .filter(value -> !value.isEmpty())
                .map(value -> Path.of(value).toAbsolutePath().normalize());
          } catch (InvalidPathException e) {
            return Optional.empty();
          }
        });
  }

  /** That there is one, and what is in it, is seen when it is read. */
  static ValueType<Optional<Path>> file() {
    return new ValueType<>(
        "a file",
        text -> {
          try {
            return Optional.of(
                Optional.of(text)
                    .filter(value -> !value.isEmpty())
                    .map(value -> Path.of(value).toAbsolutePath().normalize()));
          } catch (InvalidPathException e) {
            return Optional.empty();
          }
        });
  }

  static ValueType<ListenAddress> address() {
    return new ValueType<>(
        "HOST:PORT, an IPv6 host in brackets, port 0 for a free one", ListenAddress::parse);
  }

  /** Where others connect, or a word for none; so no free port. */
  static ValueType<Optional<ListenAddress>> addressOr(String word) {
    return new ValueType<>(
        "HOST:PORT, or " + word,
        text -> {
          Optional<ListenAddress> address =
              ListenAddress.parse(text).filter(parsed -> parsed.port() != 0);
          return text.equals(word) || address.isPresent() ? Optional.of(address) : Optional.empty();
        });
  }

  static <E extends Enum<E>> ValueType<E> oneOf(Class<E> type) {
    E[] constants = type.getEnumConstants();
    return new ValueType<>(
        Arrays.stream(constants)
            .map(ValueType::lower)
            .collect(Collectors.joining(" | ", "one of ", "")),
        text -> Arrays.stream(constants).filter(value -> lower(value).equals(text)).findAny());
  }

  Optional<T> parse(String text) {
    return parser.apply(text);
  }

  <R> ValueType<R> map(Function<T, R> mapping) {
    return new ValueType<>(legal, text -> parse(text).map(mapping));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
