package io.funes.cli.records;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.funes.client.ConsumerRecord;
import io.funes.client.Header;
import io.funes.client.TopicPartition;
import java.util.List;

/** Records as a consumer gives them. */
final class ReadRecords {
  private ReadRecords() {}

  static ConsumerRecord of(byte[] key, byte[] value, Header... headers) {
    return new ConsumerRecord(
        new TopicPartition("access-log", 3), 42, 1_779_012_300_000L, key, value, List.of(headers));
  }

  static ConsumerRecord of(String key, String value, Header... headers) {
    return of(key.getBytes(UTF_8), value.getBytes(UTF_8), headers);
  }
}
