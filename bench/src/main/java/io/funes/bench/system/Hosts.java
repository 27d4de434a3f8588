package io.funes.bench.system;

import java.util.List;

/** Where the brokers of a cluster run, by their numbers. Clients reach all of them. */
public interface Hosts extends AutoCloseable {
  /** All here. */
  Hosts LOOPBACK =
      new Hosts() {
        @Override
        public String address(int broker) {
          return "127.0.0.1";
        }

        @Override
        public List<String> launcher(int broker) {
          return List.of();
        }

        @Override
        public void cutOff(int broker) {
          throw new UnsupportedOperationException("there is no link to cut");
        }

        @Override
        public void heal() {
          // Nothing was cut.
        }

        @Override
        public void close() {
          // There is nothing to take away.
        }
      };

  /** That it listens at. */
  String address(int broker);

  /** Words before the command that starts it. */
  List<String> launcher(int broker);

  /** From now on no packet goes between this broker and the others. */
  void cutOff(int broker);

  /** All links work again. */
  void heal();

  @Override
  void close();
}
