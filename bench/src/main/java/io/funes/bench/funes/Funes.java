package io.funes.bench.funes;

import io.funes.bench.Installation;
import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.CallSender;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.ReadMode;
import io.funes.bench.system.RecordReceiver;
import io.funes.bench.system.RecordSender;
import io.funes.bench.system.Setting;
import io.funes.client.Admin;
import io.funes.client.Consumer;
import io.funes.client.NewTopic;
import io.funes.client.Producer;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Broker and clients with their defaults: 512 MiB of heap (the launcher's), acks=all, idempotent,
 * no flush before the answer, CRCs checked.
 */
final class Funes implements LogUnderTest {
  private final FunesBroker broker;

  Funes(Setting setting, Path folder, Installation installation) {
    broker = new FunesBroker(installation, setting, folder);
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
    return "Funes"; // the commit stands in the session's facts
  }

  @Override
  public void createTopic(String topic, int partitions) {
    try (Admin admin = Admin.builder().server(address()).build()) {
      admin.createTopic(NewTopic.named(topic).partitions(partitions));
    }
  }

  @Override
  public void deleteTopic(String topic) {
    try (Admin admin = Admin.builder().server(address()).build()) {
      admin.deleteTopic(topic);
    }
  }

  @Override
  public RecordSender sender(String topic, Acknowledgements acknowledgements) {
    return new FunesSender(Producer.builder().server(address()).build(), topic, acknowledgements);
  }

  @Override
  public boolean hasViews() {
    return true;
  }

  @Override
  public RecordReceiver receiver(String topic, ReadMode mode) {
    Consumer consumer = Consumer.builder().server(address()).build();
    consumer.assign(topic);
    return mode == ReadMode.COPIES ? new CopyReceiver(consumer) : new ViewReceiver(consumer);
  }

  @Override
  public CallSender callSender(String topic) {
    ManagedChannel channel =
        NettyChannelBuilder.forTarget(address()).usePlaintext().directExecutor().build();
    return new StubCaller(channel, topic);
  }

  @Override
  public void close() {
    broker.kill();
  }

  private String address() {
    return broker.address();
  }
}
