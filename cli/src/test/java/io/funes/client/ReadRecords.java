package io.funes.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;

/** Records as a consumer gives them, which only its package can make. */
public final class ReadRecords {
  private ReadRecords() {}

  public static ConsumerRecord of(byte[] key, byte[] value, Header... headers) {
    return new ConsumerRecord(
        new TopicPartition("access-log", 3), 42, 1_779_012_300_000L, key, value, List.of(headers));
  }

  public static ConsumerRecord of(String key, String value, Header... headers) {
    return of(key.getBytes(UTF_8), value.getBytes(UTF_8), headers);
  }
}
