package io.funes.bench.funes;

import com.google.protobuf.ByteString;
import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.RecordSender;
import io.funes.proto.v1.Acks;
import io.funes.proto.v1.GetTopicRequest;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ProducerState;
import io.funes.proto.v1.Record;
import io.funes.proto.v1.TopicServiceGrpc;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * One record after the other by generated stubs: each is sent again, with the same sequence, to
 * whoever leads by then, until it is acknowledged.
 */
final class PatientSender implements RecordSender {
  private static final int CALL_MS = 2_000;
  private static final int LOOK_MS = 200;

  private final List<ManagedChannel> brokers;
  private final String topic;
  private final Acknowledgements acknowledgements;
  private final long producerId = ThreadLocalRandom.current().nextLong(1, Long.MAX_VALUE);
  private int sequence;
  private int leader;

  /** Brokers by their numbers in the cluster. */
  PatientSender(List<String> servers, String topic, Acknowledgements acknowledgements) {
    this.brokers =
        servers.stream()
            .<ManagedChannel>map(
                server -> NettyChannelBuilder.forTarget(server).usePlaintext().build())
            .toList();
    this.topic = topic;
    this.acknowledgements = acknowledgements;
  }

  @Override
  public void send(int partition, byte[] value) {
    ProduceRequest request =
        ProduceRequest.newBuilder()
            .setTopic(topic)
            .setPartition(partition)
            .setAcks(Acks.ACKS_ALL)
            .setProducer(
                ProducerState.newBuilder().setProducerId(producerId).setSequence(sequence++))
            .addRecords(Record.newBuilder().setValue(ByteString.copyFrom(value)))
            .build();
    for (int tries = 0; !sent(request); tries++) {
      findLeader(partition, tries);
    }
    acknowledgements.add(1);
  }

  private boolean sent(ProduceRequest request) {
    try {
      var _ =
          ProduceServiceGrpc.newBlockingStub(brokers.get(leader))
              .withDeadlineAfter(CALL_MS, TimeUnit.MILLISECONDS)
              .produce(request);
      return true;
    } catch (StatusRuntimeException e) {
      return false;
    }
  }

  /** Asks another broker at each try. */
  private void findLeader(int partition, int tries) {
    ManagedChannel broker = brokers.get((leader + 1 + tries) % brokers.size());
    broker.resetConnectBackoff();
    try {
      int told =
          TopicServiceGrpc.newBlockingStub(broker)
              .withDeadlineAfter(LOOK_MS, TimeUnit.MILLISECONDS)
              .getTopic(GetTopicRequest.newBuilder().setName(topic).build())
              .getTopic()
              .getPartitions(partition)
              .getLeaderId();
      if (told >= 0) {
        leader = told;
      }
    } catch (StatusRuntimeException e) {
      // Another one at the next try.
    }
  }

  @Override
  public void flush() {
    // Each record is acknowledged when its call returns.
  }

  @Override
  public void close() {
    brokers.forEach(ManagedChannel::shutdownNow);
  }
}
