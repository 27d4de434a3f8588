package io.funes.cli.records;

import io.funes.client.FunesException;
import io.funes.client.RecordRefusedException;
import io.funes.client.SendCallback;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;

/** What became of the records. Written by the client's I/O thread, read by the command. */
final class Delivery {
  private final LongAdder acknowledged = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final AtomicReference<Failed> first = new AtomicReference<>();

  /** The first record that failed, and not on account of another one in its batch. */
  record Failed(long line, FunesException error) {}

  SendCallback ofLine(long line) {
    return (position, error) -> {
      if (error == null) {
        acknowledged.increment();
      } else {
        failed.increment();
        if (!(error instanceof RecordRefusedException refused) || refused.isToBlame()) {
          first.compareAndSet(null, new Failed(line, error));
        }
      }
    };
  }

  long acknowledged() {
    return acknowledged.sum();
  }

  long failed() {
    return failed.sum();
  }

  /** Null while none has failed. */
  Failed firstFailure() {
    return first.get();
  }
}
