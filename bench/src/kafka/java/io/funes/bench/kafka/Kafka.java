package io.funes.bench.kafka;

import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.CallSender;
import io.funes.bench.system.Hosts;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.ReadMode;
import io.funes.bench.system.RecordReceiver;
import io.funes.bench.system.RecordSender;
import io.funes.bench.system.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.AppInfoParser;

/**
 * Idempotent producers with acks=all, which are Kafka's defaults; consumers check CRCs, likewise.
 * Nothing is flushed to the disk, likewise.
 */
final class Kafka implements LogUnderTest {
  private static final long READY_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);

  /** As Kafka's scripts have it; Funes gets 512 MiB. */
  private static final String HEAP = "1g";

  private final KafkaClients clients;
  private final KafkaBroker broker;

  Kafka(Setting setting, Path folder) {
    KafkaNodes nodes = KafkaNodes.of(1, Hosts.LOOPBACK);
    clients = new KafkaClients(nodes, setting);
    broker = new KafkaBroker(nodes, 0, folder, HEAP, setting.under("broker."));
  }

  @Override
  public void startBroker() throws IOException {
    broker.start();
  }

  @Override
  public void stopBroker() {
    broker.process().stop();
  }

  @Override
  public List<Long> brokerPids() {
    return List.of(broker.process().pid());
  }

  @Override
  public String version() {
    return "Kafka " + AppInfoParser.getVersion();
  }

  @Override
  public void createTopic(String topic, int partitions) throws Exception {
    try (Admin admin = clients.admin()) {
      admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1))).all().get();
      awaitLeaders(admin, topic, partitions);
    }
  }

  /** The answer to the creation comes before the broker knows the topic itself. */
  private static void awaitLeaders(Admin admin, String topic, int partitions) throws Exception {
    Map<TopicPartition, OffsetSpec> latest =
        IntStream.range(0, partitions)
            .mapToObj(partition -> new TopicPartition(topic, partition))
            .collect(Collectors.toMap(Function.identity(), _ -> OffsetSpec.latest()));
    long start = System.nanoTime();
    while (true) {
      try {
        admin.listOffsets(latest).all().get();
        return;
      } catch (ExecutionException e) {
        if (!(e.getCause() instanceof UnknownTopicOrPartitionException)
            || System.nanoTime() - start > READY_LIMIT_NANOS) {
          throw e;
        }
      }
    }
  }

  @Override
  public void deleteTopic(String topic) throws Exception {
    try (Admin admin = clients.admin()) {
      admin.deleteTopics(List.of(topic)).all().get();
    }
  }

  @Override
  public RecordSender sender(String topic, Acknowledgements acknowledgements) {
    return clients.sender(topic, acknowledgements);
  }

  @Override
  public boolean hasViews() {
    return false;
  }

  @Override
  public RecordReceiver receiver(String topic, ReadMode mode) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            clients.config("consumer."), new ByteArrayDeserializer(), new ByteArrayDeserializer());
    return new KafkaReceiver(consumer, topic);
  }

  @Override
  public CallSender callSender(String topic) {
    throw new UnsupportedOperationException("Kafka has no call for a single record");
  }

  @Override
  public void close() {
    broker.kill();
  }
}
