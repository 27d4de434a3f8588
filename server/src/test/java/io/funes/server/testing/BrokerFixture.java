package io.funes.server.testing;

import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.Segment;
import io.funes.proto.v1.Topic;
import io.funes.proto.v1.TopicServiceGrpc;
import io.funes.server.broker.Broker;
import io.funes.server.config.BrokerConfig;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A whole broker in this process on a free port, and generated stubs to call it with. */
public final class BrokerFixture implements AutoCloseable {
  private final Path folder;
  private Map<String, String> settings;
  private Broker broker;
  private ManagedChannel channel;

  private BrokerFixture(Path folder, Map<String, String> settings) {
    this.folder = folder;
    this.settings = settings;
    start();
  }

  public static BrokerFixture in(Path folder) {
    return new BrokerFixture(folder, Map.of());
  }

  public static BrokerFixture in(Path folder, Map<String, String> settings) {
    return new BrokerFixture(folder, settings);
  }

  private void start() {
    Map<String, String> all = new HashMap<>();
    all.put("data.dir", folder.toString());
    all.put("listen", "127.0.0.1:0");
    all.put("metrics.listen", "off");
    all.put("disk.free.bytes.min", "0");
    // Tests give records the times they like.
    all.put("topic.default.retention.ms", "-1");
    all.putAll(settings);
    broker =
        Broker.start(
            BrokerConfig.of(all),
            cause -> {
              throw new AssertionError("the broker has failed", cause);
            });
    channel = NettyChannelBuilder.forTarget(broker.address()).usePlaintext().build();
  }

  public void restart() {
    close();
    start();
  }

  /** The same data folder with other settings. */
  public void restart(Map<String, String> newSettings) {
    close();
    settings = newSettings;
    start();
  }

  /** Stops the broker and leaves its clients connected. */
  public void stopBroker() {
    broker.close();
  }

  /** The port of the metrics endpoint. */
  public int metricsPort() {
    return broker.metricsPort().orElseThrow();
  }

  public String address() {
    return broker.address();
  }

  public ManagedChannel channel() {
    return channel;
  }

  public ProduceServiceGrpc.ProduceServiceBlockingStub produce() {
    return ProduceServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  public FetchServiceGrpc.FetchServiceBlockingStub fetch() {
    return FetchServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  public TopicServiceGrpc.TopicServiceBlockingStub topics() {
    return TopicServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  public Topic createTopic(String name, int partitions, Map<String, String> configs) {
    return topics()
        .createTopic(
            CreateTopicRequest.newBuilder()
                .setName(name)
                .setPartitionCount(partitions)
                .putAllConfigs(configs)
                .build())
        .getTopic();
  }

  /** The only segment file of a topic with one partition, as any client would parse it. */
  public Segment segment(Topic topic) {
    try (Stream<Path> files = Files.walk(folder)) {
      Path file =
          files
              .filter(path -> path.toString().contains(topic.getId()))
              .filter(path -> path.toString().endsWith(".log"))
              .findFirst()
              .orElseThrow();
      return Segment.parseFrom(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    channel.shutdownNow();
    broker.close();
  }
}
