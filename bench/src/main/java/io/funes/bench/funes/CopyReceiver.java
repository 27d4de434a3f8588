package io.funes.bench.funes;

import io.funes.bench.system.Payloads;
import io.funes.bench.system.RecordReceiver;
import io.funes.client.Consumer;
import io.funes.client.ConsumerRecord;
import java.time.Duration;

/** Reads records with arrays of their own. */
final class CopyReceiver implements RecordReceiver {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer consumer;

  CopyReceiver(Consumer consumer) {
    this.consumer = consumer;
  }

  @Override
  public void read(long count, Sink sink) {
    for (long left = count; left > 0; ) {
      for (ConsumerRecord record : consumer.poll(POLL)) {
        byte[] value = record.value();
        sink.record(record.partition(), Payloads.sequence(value, 0), value.length);
        left--;
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
