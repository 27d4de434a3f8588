package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.funes.client.ConsumerRecord;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.TopicStart;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A data folder belongs to one broker, one process at a time, and knows how it was left. */
final class DataFolderIT {
  private static final int REFUSED = 4;

  @Test
  void aSecondProcessIsRefused() {
    try (BrokerProcess broker = BrokerProcess.fresh("second-process")) {
      Finished second = start(broker, "--set", "log.level=error");
      assertThat(second.exitCode()).isEqualTo(REFUSED);
      assertThat(second.out()).isEmpty();
      assertThat(second.err()).contains(broker.data() + " is in use by process " + broker.pid());

      try (Stubs stubs = new Stubs(broker)) {
        stubs.createTopic("still-served", 1, Map.of());
      }
      broker.stop();
    }
  }

  @Test
  void anotherNodeIsRefused() {
    try (BrokerProcess broker = BrokerProcess.fresh("other-node")) {
      broker.stop();
      Finished other = start(broker, "--set", "node.id=7");
      assertThat(other.exitCode()).isEqualTo(REFUSED);
      assertThat(other.err()).contains("belongs to node 0").contains("this is node 7");
      broker.start();
      broker.stop();
    }
  }

  @Test
  void sigtermSendsReadersAwayAndLeavesTheCleanMark() {
    try (BrokerProcess broker = BrokerProcess.fresh("sigterm");
        Stubs stubs = new Stubs(broker)) {
      stubs.createTopic("t", 1, Map.of());
      produce(stubs, "before");
      Stubs.ReadStream reader =
          stubs.startRead(
              ReadRequest.newBuilder().addTopics(TopicStart.newBuilder().setTopic("t")).build());
      assertThat(reader.first().hasBatches()).isTrue();
      assertThat(broker.data().resolve("clean-shutdown")).doesNotExist();

      broker.stop();

      ReadResponse last = reader.frames().getLast();
      assertThat(last.getDrain().getPositions(0).getNextOffset()).isEqualTo(1);
      assertThat(broker.data().resolve("clean-shutdown")).exists();

      broker.start();
      assertThat(broker.data().resolve("clean-shutdown")).doesNotExist();
      assertThat(TopicReader.readAll(broker, "t"))
          .extracting(ConsumerRecord::valueText)
          .containsExactly("before");
      broker.kill9();
      assertThat(broker.data().resolve("clean-shutdown")).doesNotExist();
    }
  }

  private static void produce(Stubs stubs, String value) {
    assertThat(
            stubs
                .produce()
                .produce(
                    ProduceRequest.newBuilder()
                        .setTopic("t")
                        .addRecords(Record.newBuilder().setValue(ByteString.copyFromUtf8(value)))
                        .build())
                .getAppendsList())
        .hasSize(1);
  }

  /** Starts another process on the same folder. */
  private static Finished start(BrokerProcess broker, String... more) {
    List<String> command =
        FunesCommandLine.of(
            "start",
            "--data",
            broker.data().toString(),
            "--listen",
            "127.0.0.1:0",
            "--set",
            "metrics.listen=off");
    command.addAll(List.of(more));
    return Finished.run(command);
  }
}
