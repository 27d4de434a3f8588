package io.funes.client;

import com.google.rpc.Status;
import io.funes.client.internal.record.BatchFormat;
import io.funes.proto.v1.ErrorReason;
import io.funes.proto.v1.OffsetMismatch;
import io.funes.proto.v1.PartitionAppend;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceResponse;
import io.funes.proto.v1.ProduceResult;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProduceStreamRequest;
import io.funes.proto.v1.ProduceStreamResponse;
import io.funes.proto.v1.ProducerState;
import io.funes.proto.v1.RecordBatch;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Appends to the fake broker's logs. */
final class FakeProduce extends ProduceServiceGrpc.ProduceServiceImplBase {
  /** Whether a request is refused instead of appended, and how; null to append it. */
  volatile Function<ProduceRequest, Status> refuse = request -> null;

  /** Whether answers of appended requests are lost. */
  volatile boolean dropAnswers;

  /** So many unary requests are appended and then answered as if the broker were gone. */
  final AtomicInteger loseAnswers = new AtomicInteger();

  /** While set, requests are appended but answered only by {@link #release}. */
  volatile boolean holdAnswers;

  /** Everything received, in order. */
  final List<ProduceRequest> received = new ArrayList<>();

  private final List<Runnable> held = new ArrayList<>();
  private final FakeBroker broker;

  FakeProduce(FakeBroker broker) {
    this.broker = broker;
  }

  int receivedCount() {
    synchronized (broker.topics) {
      return received.size();
    }
  }

  void release() {
    List<Runnable> answers;
    synchronized (broker.topics) {
      holdAnswers = false;
      answers = List.copyOf(held);
      held.clear();
    }
    answers.forEach(Runnable::run);
  }

  @Override
  public StreamObserver<ProduceStreamRequest> produceStream(
      StreamObserver<ProduceStreamResponse> answers) {
    return new StreamObserver<>() {
      @Override
      public void onNext(ProduceStreamRequest request) {
        synchronized (broker.topics) {
          received.add(request.getRequest());
          ProduceResult result = append(request);
          if (holdAnswers) {
            held.add(() -> answer(answers, result));
          } else if (!dropAnswers) {
            answer(answers, result);
          }
        }
      }

      @Override
      public void onError(Throwable error) {}

      @Override
      public void onCompleted() {
        answers.onCompleted();
      }
    };
  }

  /** As a batch of its own, which is what the broker makes of it. */
  @Override
  public void produce(ProduceRequest request, StreamObserver<ProduceResponse> answer) {
    try {
      ProduceResponse response;
      synchronized (broker.topics) {
        received.add(request);
        response = appendRecords(request);
      }
      if (loseAnswers.getAndUpdate(n -> Math.max(0, n - 1)) > 0) {
        throw io.grpc.Status.UNAVAILABLE.withDescription("answer lost").asRuntimeException();
      }
      answer.onNext(response);
      answer.onCompleted();
    } catch (StatusRuntimeException e) {
      answer.onError(e);
    }
  }

  private ProduceResponse appendRecords(ProduceRequest request) {
    ProducerState producer = request.getProducer();
    RecordBatch batch =
        FakeBatches.of(1, request.getRecordsList()).toBuilder()
            .setProducerId(producer.getProducerId())
            .setProducerEpoch(producer.getEpoch())
            .setBaseSequence(producer.getSequence())
            .build();
    FakeLog log = broker.find(request.getTopic()).log(request.getPartition());
    if (!log.knows(batch) && log.end != request.getExpectedOffset()) {
      throw Refusals.exception(
          ErrorReason.ERROR_REASON_EXPECTED_OFFSET_MISMATCH,
          "the log ends elsewhere",
          OffsetMismatch.newBuilder().setLogEndOffset(log.end).build());
    }
    return appended(request.getPartition(), log.append(batch));
  }

  private static ProduceResponse appended(int partition, RecordBatch added) {
    return ProduceResponse.newBuilder()
        .addAppends(
            PartitionAppend.newBuilder()
                .setPartition(partition)
                .setBaseOffset(added.getBaseOffset())
                .setLastOffset(added.getBaseOffset() + added.getLastOffsetDelta()))
        .build();
  }

  private static void answer(StreamObserver<ProduceStreamResponse> answers, ProduceResult result) {
    try {
      answers.onNext(ProduceStreamResponse.newBuilder().addResults(result).build());
    } catch (RuntimeException e) {
      // The stream has been broken meanwhile.
    }
  }

  private ProduceResult append(ProduceStreamRequest message) {
    ProduceResult.Builder result =
        ProduceResult.newBuilder().setCorrelationId(message.getCorrelationId());
    ProduceRequest request = message.getRequest();
    Status refusal = refuse.apply(request);
    if (refusal != null) {
      return result.setError(refusal).build();
    }
    try {
      return result.setResponse(append(request)).build();
    } catch (StatusRuntimeException e) {
      return result.setError(StatusProto.fromThrowable(e)).build();
    }
  }

  private ProduceResponse append(ProduceRequest request) {
    FakeTopic topic = broker.find(request.getTopic(), request.getTopicId());
    RecordBatch batch = request.getBatch();
    check(request, batch);
    return appended(request.getPartition(), topic.log(request.getPartition()).append(batch));
  }

  private static void check(ProduceRequest request, RecordBatch batch) {
    byte[] canonical = FakeBatches.canonical(batch);
    if (batch.getCrc32C() != BatchFormat.crc(canonical, 0, canonical.length)) {
      throw Refusals.exception(ErrorReason.ERROR_REASON_CRC_MISMATCH, "crc");
    }
    boolean counted =
        batch.hasCompressedRecords()
            || batch.getRecords().getRecordsCount() == batch.getRecordCount();
    if (!counted || batch.getLastOffsetDelta() != batch.getRecordCount() - 1) {
      throw Refusals.exception(ErrorReason.ERROR_REASON_RECORD_COUNT_MISMATCH, "count");
    }
    if (request.hasProducer()) {
      throw Refusals.exception(ErrorReason.ERROR_REASON_INVALID_ARGUMENT, "two identities");
    }
  }
}
