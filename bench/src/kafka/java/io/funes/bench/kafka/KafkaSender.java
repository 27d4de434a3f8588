package io.funes.bench.kafka;

import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.RecordSender;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A producer of one topic. */
final class KafkaSender implements RecordSender {
  private final KafkaProducer<byte[], byte[]> producer;
  private final String topic;
  private final Callback callback;

  KafkaSender(
      KafkaProducer<byte[], byte[]> producer, String topic, Acknowledgements acknowledgements) {
    this.producer = producer;
    this.topic = topic;
    callback =
        (_, error) -> {
          if (error == null) {
            acknowledgements.add(1);
          } else {
            acknowledgements.failed(error);
          }
        };
  }

  @Override
  public void send(int partition, byte[] value) {
    Integer chosen = partition == ANY_PARTITION ? null : Integer.valueOf(partition);
    producer.send(new ProducerRecord<>(topic, chosen, null, value), callback);
  }

  @Override
  public void flush() {
    producer.flush();
  }

  @Override
  public void close() {
    producer.close();
  }
}
