package io.funes.bench.funes;

import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.RecordSender;
import io.funes.client.Producer;
import io.funes.client.ProducerRecord;
import io.funes.client.SendCallback;

/** A producer of one topic. */
final class FunesSender implements RecordSender {
  private final Producer producer;
  private final String topic;
  private final SendCallback callback;

  FunesSender(Producer producer, String topic, Acknowledgements acknowledgements) {
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
    ProducerRecord.Builder record = ProducerRecord.to(topic).value(value);
    if (partition != ANY_PARTITION) {
      record.partition(partition);
    }
    producer.send(record.build(), callback);
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
