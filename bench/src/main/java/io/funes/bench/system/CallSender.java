package io.funes.bench.system;

import java.util.function.Consumer;

/** Produces with one RPC for each record. */
public interface CallSender extends AutoCloseable {
  /** Begins a call; {@code done} gets null or the error, on any thread. */
  void call(byte[] value, Consumer<Throwable> done);

  @Override
  void close();
}
