package io.funes.bench.pipe;

import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.CallSender;
import io.funes.bench.system.LogUnderTest;
import io.funes.bench.system.ReadMode;
import io.funes.bench.system.RecordReceiver;
import io.funes.bench.system.RecordSender;
import io.funes.bench.system.ServerProcess;
import io.funes.bench.system.Setting;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/** The pipe as a log of one topic with one partition, which each sender begins anew. */
final class Pipe implements LogUnderTest {
  private final Path folder;
  private final boolean zeroCopy;
  private final PipeProtocol protocol;
  private final int port = ServerProcess.freePort();
  private ServerProcess server;

  Pipe(Setting setting, Path folder) {
    this.folder = folder;
    zeroCopy = setting.is("zero-copy");
    protocol = new PipeProtocol(zeroCopy);
  }

  @Override
  public void startBroker() throws IOException {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx512m",
            "-XX:+UseG1GC",
            "-XX:+UseCompactObjectHeaders",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-cp",
            System.getProperty("java.class.path"),
            PipeServer.class.getName(),
            Integer.toString(port),
            dataFile().toString(),
            Boolean.toString(zeroCopy));
    server =
        ServerProcess.start(
            command,
            folder.resolve("broker.out"),
            new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
  }

  @Override
  public void stopBroker() {
    server.stop();
  }

  @Override
  public List<Long> brokerPids() {
    return List.of(server.pid());
  }

  @Override
  public String version() {
    return "grpc-java";
  }

  @Override
  public void createTopic(String topic, int partitions) {}

  @Override
  public void deleteTopic(String topic) throws IOException {
    try (FileChannel file = FileChannel.open(dataFile(), StandardOpenOption.WRITE)) {
      file.truncate(0);
    }
  }

  @Override
  public RecordSender sender(String topic, Acknowledgements acknowledgements) {
    return new PipeSender(connect(), protocol, acknowledgements);
  }

  @Override
  public boolean hasViews() {
    return false;
  }

  @Override
  public RecordReceiver receiver(String topic, ReadMode mode) {
    return new PipeReceiver(connect(), protocol, dataFile());
  }

  @Override
  public CallSender callSender(String topic) {
    return new PipeCaller(connect(), protocol);
  }

  @Override
  public void close() {
    if (server != null) {
      server.kill();
    }
  }

  private Path dataFile() {
    return folder.resolve("pipe.data");
  }

  private ManagedChannel connect() {
    return NettyChannelBuilder.forAddress("127.0.0.1", port)
        .usePlaintext()
        .disableRetry()
        .directExecutor()
        .maxInboundMessageSize(PipeProtocol.MESSAGE_BYTES_MAX)
        .flowControlWindow(PipeProtocol.FLOW_CONTROL_WINDOW_BYTES)
        .build();
  }
}
