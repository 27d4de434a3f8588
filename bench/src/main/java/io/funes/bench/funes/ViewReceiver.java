package io.funes.bench.funes;

import io.funes.bench.system.Payloads;
import io.funes.bench.system.RecordReceiver;
import io.funes.client.BatchView;
import io.funes.client.Consumer;
import java.time.Duration;

/** Reads records where they were received. */
final class ViewReceiver implements RecordReceiver {
  private static final Duration POLL = Duration.ofMillis(200);

  private final Consumer consumer;

  ViewReceiver(Consumer consumer) {
    this.consumer = consumer;
  }

  @Override
  public void read(long count, Sink sink) {
    for (long left = count; left > 0; ) {
      for (BatchView batch : consumer.pollBatches(POLL)) {
        int partition = batch.topicPartition().partition();
        while (batch.next()) {
          sink.record(partition, Payloads.sequence(batch.value()), batch.valueLength());
          left--;
        }
      }
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
