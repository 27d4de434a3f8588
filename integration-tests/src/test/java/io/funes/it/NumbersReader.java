package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.client.Consumer;
import io.funes.client.ConsumerRecord;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;

/** Reads what a {@link NumbersSender} sends. */
final class NumbersReader {
  private static final long TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(120);

  private final Consumer consumer;

  /** Values by key, in the order in which they came. */
  private final Map<String, List<String>> read = new TreeMap<>();

  private long count;

  NumbersReader(Consumer consumer, String topic) {
    this.consumer = consumer;
    consumer.assign(topic);
  }

  /** Reads on until so many more have come. */
  void readMore(long more) {
    readTo(count + more);
  }

  private void readTo(long end) {
    long begin = System.nanoTime();
    while (count < end) {
      for (ConsumerRecord record : consumer.poll(Duration.ofSeconds(1))) {
        read.computeIfAbsent(record.keyText(), _ -> new ArrayList<>()).add(record.valueText());
        count++;
      }
      assertThat(System.nanoTime() - begin).as("time to read").isLessThan(TIMEOUT_NANOS);
    }
  }

  /** Reads the rest of all that were sent. */
  void assertAllComeOnceInOrder(long sent) {
    readTo(sent);
    assertThat(count).isEqualTo(sent);
    read.forEach((key, values) ->
        assertThat(values)
            .as(key)
            .containsExactlyElementsOf(
                IntStream.range(0, values.size()).mapToObj(Integer::toString).toList()));
  }
}
