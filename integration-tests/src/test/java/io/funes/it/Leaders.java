package io.funes.it;

import io.grpc.ManagedChannel;

/** Whom a producer asks. */
interface Leaders {
  ManagedChannel channel(int broker);

  int leader(String topic, int partition);

  /** One broker for everything, which sends on what others lead. */
  static Leaders behind(ManagedChannel door) {
    return new Leaders() {
      @Override
      public ManagedChannel channel(int broker) {
        return door;
      }

      @Override
      public int leader(String topic, int partition) {
        return 0;
      }
    };
  }
}
