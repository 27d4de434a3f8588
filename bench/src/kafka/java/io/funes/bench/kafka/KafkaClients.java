package io.funes.bench.kafka;

import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.RecordSender;
import io.funes.bench.system.Setting;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Clients as the setting has them. */
record KafkaClients(KafkaNodes nodes, Setting setting) {
  Admin admin() {
    return Admin.create(config(""));
  }

  RecordSender sender(String topic, Acknowledgements acknowledgements) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            config("producer."), new ByteArraySerializer(), new ByteArraySerializer());
    // Fetches the topic's metadata, so that the first record need not wait for it.
    producer.partitionsFor(topic);
    return new KafkaSender(producer, topic, acknowledgements);
  }

  /** With the values of the setting below {@code prefix}, if there is one. */
  Map<String, Object> config(String prefix) {
    Map<String, Object> config = new HashMap<>();
    config.put("bootstrap.servers", nodes.addresses());
    if (!prefix.isEmpty()) {
      config.putAll(setting.under(prefix));
    }
    return config;
  }
}
