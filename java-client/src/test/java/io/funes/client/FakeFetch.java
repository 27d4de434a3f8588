package io.funes.client;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import com.google.protobuf.WireFormat;
import io.funes.proto.v1.Drain;
import io.funes.proto.v1.FetchServiceGrpc;
import io.funes.proto.v1.Heartbeat;
import io.funes.proto.v1.ListOffsetsRequest;
import io.funes.proto.v1.ListOffsetsResponse;
import io.funes.proto.v1.PartitionBatches;
import io.funes.proto.v1.PartitionOffset;
import io.funes.proto.v1.PartitionStart;
import io.funes.proto.v1.ReadPosition;
import io.funes.proto.v1.ReadRequest;
import io.funes.proto.v1.ReadResponse;
import io.funes.proto.v1.RecordBatch;
import io.funes.proto.v1.Start;
import io.funes.proto.v1.TopicStart;
import io.grpc.BindableService;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Reads the fake broker's logs. */
final class FakeFetch implements BindableService {
  /**
   * Frames go out as bytes, since the generated classes leave out the zeros of a batch's header.
   */
  private static final MethodDescriptor<ReadRequest, ByteString> READ =
      FetchServiceGrpc.getReadMethod().toBuilder(
              FetchServiceGrpc.getReadMethod().getRequestMarshaller(),
              new MethodDescriptor.Marshaller<ByteString>() {
                @Override
                public InputStream stream(ByteString bytes) {
                  return bytes.newInput();
                }

                @Override
                public ByteString parse(InputStream stream) {
                  throw new UnsupportedOperationException();
                }
              })
          .build();

  /** While set, streams give nothing, not even a heartbeat. */
  volatile boolean silent;

  /** While set, streams end with it when they begin. */
  volatile StatusRuntimeException refusal;

  /** First messages of all streams. */
  final List<ReadRequest> reads = new CopyOnWriteArrayList<>();

  /** Most batches in a frame. */
  volatile int batchesPerFrame = 3;

  private final List<Reading> readings = new CopyOnWriteArrayList<>();
  private final FakeBroker broker;

  FakeFetch(FakeBroker broker) {
    this.broker = broker;
  }

  /** Tells all streams to look again. */
  void push() {
    readings.forEach(Reading::push);
  }

  void heartbeat() {
    readings.forEach(reading ->
        reading.send(
            ReadResponse.newBuilder()
                .setHeartbeat(Heartbeat.newBuilder().addAllPositions(reading.positions()))
                .build()
                .toByteString()));
  }

  /** Ends all streams as a broker does before it stops. */
  void drain() {
    List<Reading> ended = List.copyOf(readings);
    readings.clear();
    for (Reading reading : ended) {
      reading.send(
          ReadResponse.newBuilder()
              .setDrain(Drain.newBuilder().addAllPositions(reading.positions()))
              .build()
              .toByteString());
      reading.complete();
    }
  }

  @Override
  public ServerServiceDefinition bindService() {
    return ServerServiceDefinition.builder(FetchServiceGrpc.SERVICE_NAME)
        .addMethod(READ, ServerCalls.asyncBidiStreamingCall(this::read))
        .addMethod(
            FetchServiceGrpc.getListOffsetsMethod(), ServerCalls.asyncUnaryCall(this::listOffsets))
        .build();
  }

  private StreamObserver<ReadRequest> read(StreamObserver<ByteString> out) {
    Reading reading = new Reading(out);
    return new StreamObserver<>() {
      @Override
      public void onNext(ReadRequest request) {
        synchronized (broker.topics) {
          reading.take(request);
        }
        reading.push();
      }

      @Override
      public void onError(Throwable error) {
        readings.remove(reading);
      }

      @Override
      public void onCompleted() {}
    };
  }

  private void listOffsets(
      ListOffsetsRequest request, StreamObserver<ListOffsetsResponse> observer) {
    ListOffsetsResponse.Builder response = ListOffsetsResponse.newBuilder();
    try {
      synchronized (broker.topics) {
        for (TopicStart topic : request.getTopicsList()) {
          FakeTopic found = broker.find(topic.getTopic(), topic.getTopicId());
          List<PartitionStart> starts = new ArrayList<>(topic.getPartitionsList());
          for (int i = 0;
              starts.isEmpty() || (topic.getPartitionsCount() == 0 && i < found.logs.size());
              i++) {
            starts.add(
                PartitionStart.newBuilder().setPartition(i).setStart(topic.getStart()).build());
          }
          for (PartitionStart start : starts) {
            FakeLog log = found.log(start.getPartition());
            response.addOffsets(
                PartitionOffset.newBuilder()
                    .setTopic(found.name)
                    .setPartition(start.getPartition())
                    .setOffset(resolve(log, start.getStart()))
                    .setLogStartOffset(log.start)
                    .setHighWatermark(log.end));
          }
        }
      }
    } catch (StatusRuntimeException e) {
      observer.onError(e);
      return;
    }
    observer.onNext(response.build());
    observer.onCompleted();
  }

  private static long resolve(FakeLog log, Start start) {
    return switch (start.getPositionCase()) {
      case EARLIEST, POSITION_NOT_SET -> log.start;
      case LATEST -> log.end;
      case OFFSET -> {
        log.indexOf(start.getOffset());
        yield start.getOffset();
      }
      case TIMESTAMP_MS ->
          log.batches.stream()
              .filter(batch -> batch.getMaxTimestampMs() >= start.getTimestampMs())
              .mapToLong(RecordBatch::getBaseOffset)
              .findFirst()
              .orElse(log.end);
    };
  }

  private record Place(String topic, int partition, long offset) {}

  /** One stream. Guarded by the broker. */
  private final class Reading {
    private final StreamObserver<ByteString> out;
    private final List<Place> places = new ArrayList<>();
    private long credits;

    Reading(StreamObserver<ByteString> out) {
      this.out = out;
    }

    void take(ReadRequest request) {
      credits += request.getCredits().getBytes();
      if (request.getTopicsCount() == 0) {
        return;
      }
      reads.add(request);
      readings.add(this);
      if (refusal != null) {
        fail(refusal);
        return;
      }
      try {
        for (TopicStart topic : request.getTopicsList()) {
          for (PartitionStart start : topic.getPartitionsList()) {
            FakeTopic found = broker.find(topic.getTopic(), topic.getTopicId());
            FakeLog log = found.log(start.getPartition());
            places.add(
                new Place(topic.getTopic(), start.getPartition(), resolve(log, start.getStart())));
          }
        }
      } catch (StatusRuntimeException e) {
        fail(e);
      }
    }

    private void fail(StatusRuntimeException e) {
      readings.remove(this);
      places.clear();
      out.onError(e);
    }

    List<ReadPosition> positions() {
      synchronized (broker.topics) {
        return places.stream()
            .map(place ->
                ReadPosition.newBuilder()
                    .setTopic(place.topic)
                    .setPartition(place.partition)
                    .setNextOffset(place.offset)
                    .setHighWatermark(broker.find(place.topic).log(place.partition).end)
                    .build())
            .toList();
      }
    }

    void send(ByteString frame) {
      synchronized (broker.topics) {
        if (!silent) {
          try {
            out.onNext(frame);
          } catch (RuntimeException e) {
            // The stream has been broken meanwhile.
          }
        }
      }
    }

    void complete() {
      try {
        out.onCompleted();
      } catch (IllegalStateException e) {
        // The stream has been broken meanwhile.
      }
    }

    void push() {
      synchronized (broker.topics) {
        for (int i = 0; !silent && i < places.size(); i++) {
          try {
            while (credits > 0 && pushOne(i)) {}
          } catch (StatusRuntimeException e) {
            fail(e);
          }
        }
      }
    }

    private boolean pushOne(int index) {
      Place place = places.get(index);
      FakeLog log = broker.find(place.topic).log(place.partition);
      int from = log.indexOf(place.offset);
      int to = Math.min(log.batches.size(), from + batchesPerFrame);
      if (from == to) {
        return false;
      }
      PartitionBatches.Builder batches =
          PartitionBatches.newBuilder()
              .setTopic(place.topic)
              .setPartition(place.partition)
              .setLogStartOffset(log.start)
              .setHighWatermark(log.end)
              .setStartOffset(place.offset);
      ByteString entries = ByteString.EMPTY;
      for (RecordBatch batch : log.batches.subList(from, to)) {
        entries = entries.concat(entry(batch));
        batches.setNextOffset(FakeLog.nextOffset(batch));
      }
      credits -= entries.size();
      places.set(index, new Place(place.topic, place.partition, batches.getNextOffset()));
      send(field(entries.concat(batches.build().toByteString())));
      return true;
    }

    private ByteString entry(RecordBatch batch) {
      return field(ByteString.copyFrom(FakeBatches.canonical(batch)));
    }

    /** Field 1 with this content. */
    private ByteString field(ByteString content) {
      try {
        byte[] head = new byte[1 + CodedOutputStream.computeUInt32SizeNoTag(content.size())];
        CodedOutputStream coded = CodedOutputStream.newInstance(head);
        coded.writeTag(1, WireFormat.WIRETYPE_LENGTH_DELIMITED);
        coded.writeUInt32NoTag(content.size());
        return ByteString.copyFrom(head).concat(content);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
