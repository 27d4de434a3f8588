package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.funes.client.Admin;
import io.funes.client.Consumer;
import io.funes.client.NewTopic;
import io.funes.client.PartitionDescription;
import io.funes.client.Producer;
import io.funes.client.ProducerRecord;
import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.PartitionStart;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.TopicStart;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three brokers in racks of their own, and a consumer in the rack of the third. */
final class ReadingNearByIT {
  private static final Pattern READ_BYTES =
      Pattern.compile("^funes_read_bytes_total (\\S+)", Pattern.MULTILINE);
  private static final int PENDING_MAX = 30;
  private static final int NEAR = 2;

  private final List<BrokerProcess> brokers = new ArrayList<>();
  private final List<Integer> metricsPorts = new ArrayList<>();
  private final HttpClient http = HttpClient.newHttpClient();

  @BeforeEach
  void start() {
    brokers.add(BrokerProcess.fresh("near-by-0", inRackOfItsOwn(0)));
    for (int id = 1; id < 3; id++) {
      brokers.add(BrokerProcess.joining(brokers.getFirst(), "near-by-" + id, inRackOfItsOwn(id)));
    }
    try (Admin admin = admin()) {
      admin.createTopic(
          NewTopic.named("t").partitions(3).replicas(3).config("min.insync.replicas", "2"));
    }
  }

  private String[] inRackOfItsOwn(int id) {
    metricsPorts.add(BrokerProcess.freePort());
    return new String[] {"rack=rack-" + id, "metrics.listen=127.0.0.1:" + metricsPorts.get(id)};
  }

  @AfterEach
  void stop() {
    http.close();
    brokers.forEach(BrokerProcess::close);
  }

  private Admin admin() {
    return Admin.builder().server(anyServer()).build();
  }

  private String anyServer() {
    return brokers.get(0).address() + "," + brokers.get(1).address();
  }

  @Test
  void theBrokerInTheRackIsReadFromWhileItLivesAndNothingIsLostOrRepeated() {
    try (Producer producer = Producer.builder().server(anyServer()).lingerMs(5).build();
        Consumer consumer = Consumer.builder().server(anyServer()).rack("rack-" + NEAR).build();
        NumbersSender sender = new NumbersSender(producer, "t", PENDING_MAX)) {
      NumbersReader reader = new NumbersReader(consumer, "t");
      goOn(sender, reader);
      awaitReadingFromNearByAlone(sender, reader);
      assertThat(leaders()).as("who leads").contains(0, 1);

      brokers.get(NEAR).kill9();
      goOn(sender, reader);
      brokers.get(NEAR).start();
      awaitReadingFromNearByAlone(sender, reader);

      brokers.get(NEAR).stop();
      goOn(sender, reader);
      brokers.get(NEAR).start();
      awaitReadingFromNearByAlone(sender, reader);

      sender.stop();
      assertThat(sender.failures()).isEmpty();
      reader.assertAllComeOnceInOrder(sender.sent());
    }
  }

  @Test
  void theCommandReadsNearByWhatIsLedElsewhere() {
    int partition = leaders().indexOf(0);
    try (Producer producer = Producer.builder().server(anyServer()).build()) {
      producer.send(ProducerRecord.to("t").partition(partition).value("near by").build()).join();
    }

    Await.until(
        "the broker in the rack is read from",
        () -> {
          long before = readBytes(NEAR);
          Finished consume =
              FunesCommandLine.run(
                  "consume",
                  "t",
                  "--partition",
                  Integer.toString(partition),
                  "--rack=rack-" + NEAR,
                  "--exit-at-end",
                  "--server",
                  anyServer());
          assertThat(consume.succeeded().out()).isEqualTo("near by\n");
          return readBytes(NEAR) > before;
        });
  }

  /** It cannot know what became of it, and must not keep its readers from the others. */
  @Test
  void aFollowerThatNoControllerHearsServesNoReaders() {
    int partition = leaders().indexOf(0);
    ManagedChannel leader = brokers.get(0).channel();
    ManagedChannel follower = brokers.get(NEAR).channel();
    try {
      var _ =
          ProduceServiceGrpc.newBlockingStub(leader)
              .produce(
                  ProduceRequest.newBuilder()
                      .setTopic("t")
                      .setPartition(partition)
                      .addRecords(Record.newBuilder().setValue(ByteString.copyFromUtf8("a")))
                      .build());
      Await.until("the follower shows it", () -> isRead(follower, partition));
      brokers.get(0).pause();
      brokers.get(1).pause();
      Await.until("the follower serves no readers", () -> !isRead(follower, partition));
      brokers.get(0).resume();
      brokers.get(1).resume();
      Await.until("the follower shows it again", () -> isRead(follower, partition));
    } finally {
      leader.shutdownNow();
      follower.shutdownNow();
    }
  }

  private static boolean isRead(ManagedChannel broker, int partition) {
    FetchRequest request =
        FetchRequest.newBuilder()
            .addTopics(
                TopicStart.newBuilder()
                    .setTopic("t")
                    .addPartitions(PartitionStart.newBuilder().setPartition(partition)))
            .setAllowFollower(true)
            .build();
    try {
      return FetchServiceGrpc.newBlockingStub(broker)
              .withDeadlineAfter(1, TimeUnit.SECONDS)
              .fetch(request)
              .getPartitions(0)
              .getBatchesCount()
          > 0;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  /** Lets both work for a while: what is acknowledged from now on arrives. */
  private static void goOn(NumbersSender sender, NumbersReader reader) {
    sender.awaitAcknowledgedMore(2_000);
    reader.readMore(2_000);
  }

  private void awaitReadingFromNearByAlone(NumbersSender sender, NumbersReader reader) {
    Await.until(
        () -> "others are read from, too; in sync are " + partitions(),
        () -> {
          long elsewhere = readBytes(0) + readBytes(1);
          long near = readBytes(NEAR);
          goOn(sender, reader);
          return readBytes(0) + readBytes(1) == elsewhere && readBytes(NEAR) > near;
        });
  }

  /** What consumers have read from the broker since it started. */
  private long readBytes(int broker) {
    URI page = URI.create("http://127.0.0.1:%d/metrics".formatted(metricsPorts.get(broker)));
    try {
      String metrics =
          http.send(HttpRequest.newBuilder(page).build(), BodyHandlers.ofString()).body();
      Matcher found = READ_BYTES.matcher(metrics);
      assertThat(found.find()).as(metrics).isTrue();
      return (long) Double.parseDouble(found.group(1));
    } catch (IOException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private List<PartitionDescription> partitions() {
    try (Admin admin = admin()) {
      return admin.topic("t").partitions();
    }
  }

  private List<Integer> leaders() {
    return partitions().stream().map(PartitionDescription::leaderId).toList();
  }
}
