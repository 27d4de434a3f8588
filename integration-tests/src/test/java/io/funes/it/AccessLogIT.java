package io.funes.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonStreamParser;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.util.JsonFormat;
import io.funes.it.AccessLog.Read;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.TopicStart;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A real log goes in through the command line and comes out the same through every reader. */
final class AccessLogIT {
  private static BrokerProcess broker;

  @BeforeAll
  static void produceTheFile() {
    broker = BrokerProcess.fresh("access-log");
    FunesCommandLine.run(
            "topic", "create", "access-log", "--partitions", "6", "--server", broker.address())
        .succeeded();
    Finished produce =
        FunesCommandLine.run(
            "produce",
            "access-log",
            "--file",
            AccessLog.FILE.toString(),
            "--key-regex",
            "^\\S+",
            "--server",
            broker.address());
    assertThat(produce.succeeded().out() + produce.err()).contains("produced 10,000 records");
  }

  @AfterAll
  static void stop() {
    broker.stop();
  }

  @Test
  void theJavaClientReadsIt() {
    List<Read> read =
        TopicReader.readAll(broker, "access-log").stream()
            .map(record ->
                Read.of(
                    record.topicPartition().partition(),
                    record.offset(),
                    record.key(),
                    record.value()))
            .toList();
    AccessLog.assertWhole(read);
  }

  @Test
  void generatedStubsReadIt() {
    try (Stubs stubs = new Stubs(broker)) {
      ReadRequest request =
          ReadRequest.newBuilder()
              .addTopics(TopicStart.newBuilder().setTopic("access-log"))
              .setUntilEnd(true)
              .build();
      AccessLog.assertWhole(records(stubs.read(request)));
    }
  }

  @Test
  void grpcurlReadsIt() throws InvalidProtocolBufferException {
    Finished grpcurl =
        Finished.run(
                List.of(
                    Grpcurl.path().toString(),
                    "-plaintext",
                    "-d",
                    "{\"topics\": [{\"topic\": \"access-log\"}], \"until_end\": true}",
                    broker.address(),
                    "funes.v1.FetchService/Read"))
            .succeeded();
    List<ReadResponse> frames = new ArrayList<>();
    JsonStreamParser messages = new JsonStreamParser(grpcurl.out());
    while (messages.hasNext()) {
      ReadResponse.Builder frame = ReadResponse.newBuilder();
      JsonFormat.parser().merge(messages.next().toString(), frame);
      frames.add(frame.build());
    }
    AccessLog.assertWhole(records(frames));
  }

  private static List<Read> records(Collection<ReadResponse> frames) {
    List<Read> read = new ArrayList<>();
    for (ReadResponse frame : frames) {
      PartitionBatches batches = frame.getBatches();
      for (RecordBatch batch : batches.getBatchesList()) {
        List<Record> records = batch.getRecords().getRecordsList();
        for (int i = 0; i < records.size(); i++) {
          read.add(
              Read.of(
                  batches.getPartition(),
                  batch.getBaseOffset() + i,
                  records.get(i).getKey().toByteArray(),
                  records.get(i).getValue().toByteArray()));
        }
      }
    }
    return read;
  }
}
