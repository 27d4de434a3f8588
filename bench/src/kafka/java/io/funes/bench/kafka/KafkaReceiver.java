package io.funes.bench.kafka;

import io.funes.bench.system.Payloads;
import io.funes.bench.system.RecordReceiver;
import java.time.Duration;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;

/** A consumer of all partitions of one topic, without a group. */
final class KafkaReceiver implements RecordReceiver {
  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;

  KafkaReceiver(KafkaConsumer<byte[], byte[]> consumer, String topic) {
    this.consumer = consumer;
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
  }

  @Override
  public void read(long count, Sink sink) {
    for (long left = count; left > 0; ) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
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
