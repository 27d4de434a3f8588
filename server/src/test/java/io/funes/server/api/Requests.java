package io.funes.server.api;

import com.google.protobuf.ByteString;
import io.funes.proto.v1.Earliest;
import io.funes.proto.v1.FetchRequest;
import io.funes.proto.v1.FetchResponse;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.PartitionStart;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProducerState;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.Records;
import io.funes.proto.v1.Start;
import io.funes.proto.v1.TopicStart;
import io.funes.server.record.Codec;
import io.funes.server.record.Compression;
import io.grpc.Metadata;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Requests as a stub's user writes them. All that is not said is plain: partition 0, earliest. */
final class Requests {
  private Requests() {}

  static Record record(String value) {
    return Record.newBuilder().setValue(ByteString.copyFromUtf8(value)).build();
  }

  static Record keyed(String key, String value) {
    return record(value).toBuilder().setKey(ByteString.copyFromUtf8(key)).build();
  }

  static ProduceRequest.Builder produce(String topic, String... values) {
    return ProduceRequest.newBuilder()
        .setTopic(topic)
        .setPartition(0)
        .addAllRecords(Arrays.stream(values).map(Requests::record).toList());
  }

  static ProducerState producer(long id, int epoch, int sequence) {
    return ProducerState.newBuilder()
        .setProducerId(id)
        .setEpoch(epoch)
        .setSequence(sequence)
        .build();
  }

  /** A batch of which only what a producer must set is set. */
  static RecordBatch.Builder batch(String... values) {
    Records records =
        Records.newBuilder()
            .addAllRecords(Arrays.stream(values).map(Requests::record).toList())
            .build();
    return RecordBatch.newBuilder()
        .setRecordCount(values.length)
        .setLastOffsetDelta(values.length - 1)
        .setBaseTimestampMs(1000)
        .setMaxTimestampMs(1000)
        .setRecords(records);
  }

  static RecordBatch.Builder compressed(Codec codec, String... values) {
    RecordBatch.Builder batch = batch(values);
    try {
      byte[] body = Compression.compress(codec, batch.getRecords().toByteArray());
      return batch.setAttributes(codec.id()).setCompressedRecords(ByteString.copyFrom(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static ProduceRequest.Builder produce(String topic, RecordBatch.Builder batch) {
    return ProduceRequest.newBuilder().setTopic(topic).setPartition(0).setBatch(batch);
  }

  static TopicStart earliest(String topic) {
    return TopicStart.newBuilder()
        .setTopic(topic)
        .setStart(Start.newBuilder().setEarliest(Earliest.getDefaultInstance()))
        .build();
  }

  static TopicStart at(String topic, Start.Builder start) {
    return TopicStart.newBuilder()
        .setTopic(topic)
        .addPartitions(PartitionStart.newBuilder().setStart(start))
        .build();
  }

  static TopicStart at(String topic, long offset) {
    return at(topic, Start.newBuilder().setOffset(offset));
  }

  static TopicStart at(String topic, int partition, long offset) {
    return TopicStart.newBuilder()
        .setTopic(topic)
        .addPartitions(
            PartitionStart.newBuilder()
                .setPartition(partition)
                .setStart(Start.newBuilder().setOffset(offset)))
        .build();
  }

  static FetchRequest.Builder fetch(TopicStart... topics) {
    return FetchRequest.newBuilder().addAllTopics(List.of(topics));
  }

  static ReadRequest.Builder read(TopicStart... topics) {
    return ReadRequest.newBuilder().addAllTopics(List.of(topics));
  }

  /** Makes calls that carry this beside the request. */
  static <S extends AbstractStub<S>> S with(S stub, Metadata.Key<String> name, String value) {
    Metadata headers = new Metadata();
    headers.put(name, value);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  static List<String> values(List<ReadResponse> frames) {
    return frames.stream().flatMap(frame -> values(frame.getBatches()).stream()).toList();
  }

  static List<String> values(FetchResponse response) {
    return response.getPartitionsList().stream().flatMap(p -> values(p).stream()).toList();
  }

  /** The records asked for: those of the first batch below the start are not. */
  static List<String> values(PartitionBatches partition) {
    List<String> values = new ArrayList<>();
    for (RecordBatch batch : partition.getBatchesList()) {
      long offset = batch.getBaseOffset();
      for (Record record : batch.getRecords().getRecordsList()) {
        if (offset++ >= partition.getStartOffset()) {
          values.add(record.getValue().toStringUtf8());
        }
      }
    }
    return values;
  }
}
