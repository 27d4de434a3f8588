package io.funes.it;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.funes.client.Admin;
import io.funes.client.ClusterDescription.BrokerState;
import io.funes.client.ReplicaDescription;
import io.funes.client.TopicPartition;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProducerState;
import io.funes.proto.v1.Record;
import io.grpc.ManagedChannel;
import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A cluster grows and shrinks by the command, while records are written. */
final class ClusterAdminIT {
  private static final int PARTITIONS = 8;
  private static final int RECORDS = 200;

  private final List<BrokerProcess> brokers = new ArrayList<>();
  private Admin admin;

  @BeforeEach
  void start() {
    brokers.add(BrokerProcess.fresh("admin-0"));
    brokers.add(BrokerProcess.joining(brokers.getFirst(), "admin-1"));
    brokers.add(BrokerProcess.joining(brokers.getFirst(), "admin-2"));
    admin = Admin.builder().server(brokers.getFirst().address()).build();
    Await.until("three brokers are up", () -> up() == 3);
    create("t", 1);
    create("bulk", PARTITIONS);
    fill();
  }

  @AfterEach
  void stop() {
    admin.close();
    brokers.forEach(BrokerProcess::close);
  }

  private void create(String topic, int partitions) {
    try (Stubs stubs = new Stubs(brokers.getFirst())) {
      stubs.createTopic(topic, partitions, 3, Map.of("min.insync.replicas", "2"));
    }
  }

  /** Something to copy, in every partition. */
  private void fill() {
    ByteString value = ByteString.copyFrom(new byte[2_000]);
    try (Stubs stubs = new Stubs(brokers.getFirst())) {
      for (int partition = 0; partition < PARTITIONS; partition++) {
        ProduceRequest.Builder request =
            ProduceRequest.newBuilder()
                .setTopic("bulk")
                .setPartition(partition)
                .setProducer(ProducerState.newBuilder().setProducerId(78));
        IntStream.range(0, RECORDS)
            .forEach(_ -> request.addRecords(Record.newBuilder().setValue(value)));
        stubs.produceInTime(request.build());
      }
    }
  }

  private long up() {
    return admin.cluster(1).brokers().stream()
        .filter(broker -> broker.state() == BrokerState.UP)
        .count();
  }

  private List<String> clusterCommand(String... words) {
    List<String> command = FunesCommandLine.of("cluster");
    command.addAll(List.of(words));
    command.addAll(List.of("--server", brokers.getFirst().address()));
    return command;
  }

  private Finished cluster(String... words) {
    return Finished.run(clusterCommand(words));
  }

  private long replicasOn(int broker) {
    return admin.partitions().values().stream()
        .filter(partition -> partition.replicaIds().contains(broker))
        .count();
  }

  @Test
  void aBrokerJoinsAndGetsItsShareAndAnotherIsEmptiedWhileRecordsAreWritten() throws Exception {
    brokers.add(BrokerProcess.joining(brokers.getFirst(), "admin-3"));
    Await.until("four brokers are up", () -> up() == 4);
    AtomicBoolean enough = new AtomicBoolean();
    ManagedChannel door = brokers.getFirst().channel();
    try {
      SequencedProducer producer = new SequencedProducer(Leaders.behind(door), "t", 0);
      CompletableFuture<Void> writing =
          CompletableFuture.runAsync(() -> {
            while (!enough.get()) {
              producer.send(20);
            }
          });

      String plan = cluster("rebalance", "--plan").succeeded().out();
      assertThat(plan).contains("bulk/").contains("to copy").contains("KiB");
      assertThat(replicasOn(3)).as("a plan moves nothing").isZero();

      stopInTheMiddle("rebalance", "--apply", "--concurrent", "1");
      cluster("rebalance", "--apply", "--concurrent", "2").succeeded();
      for (int broker = 0; broker < brokers.size(); broker++) {
        assertThat(replicasOn(broker)).as("27 replicas on 4 brokers").isBetween(6L, 7L);
      }
      assertThat(cluster("rebalance", "--plan").succeeded().out()).isEqualTo("nothing to move\n");

      int drained = admin.partitions().get(new TopicPartition("t", 0)).replicaIds().getFirst();
      cluster("drain", Integer.toString(drained)).succeeded();
      assertThat(replicasOn(drained)).isZero();

      enough.set(true);
      writing.get(60, TimeUnit.SECONDS);
      assertEachOnceAndInOrder(producer);
    } finally {
      door.shutdownNow();
    }
    assertAllCopiesAreWhole();
  }

  /** The command is killed when it has told of its first move. */
  private void stopInTheMiddle(String... words) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(clusterCommand(words)).start();
    try (BufferedReader out = process.inputReader(UTF_8)) {
      assertThat(out.readLine()).startsWith("moved ");
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private void assertEachOnceAndInOrder(SequencedProducer producer) {
    int count = producer.offsets().size();
    assertThat(producer.offsets())
        .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(i -> (long) i).toList());
    assertThat(TopicReader.readAll(brokers.getFirst(), "t"))
        .extracting(record -> record.valueText())
        .containsExactlyElementsOf(IntStream.range(0, count).mapToObj(Integer::toString).toList());
  }

  /** Each broker's own word of what it holds. */
  private void assertAllCopiesAreWhole() {
    int copies = 0;
    for (BrokerProcess broker : brokers) {
      try (Admin one = Admin.builder().server(broker.address()).build()) {
        for (ReplicaDescription replica : one.replicas()) {
          if (replica.partition().topic().equals("bulk")) {
            assertThat(replica.logEndOffset()).isEqualTo(RECORDS);
            copies++;
          }
        }
      }
    }
    assertThat(copies).isEqualTo(PARTITIONS * 3);
    assertThat(admin.cluster(1).partitions().underReplicated()).isZero();
  }
}
