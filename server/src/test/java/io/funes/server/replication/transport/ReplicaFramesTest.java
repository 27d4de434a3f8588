package io.funes.server.replication.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.funes.proto.internal.v1.ReplicateRequest;
import io.funes.proto.internal.v1.ReplicateResponse;
import io.funes.proto.internal.v1.ReplicationServiceGrpc;
import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.replication.ReplicaFrame.Acknowledge;
import io.funes.server.replication.ReplicaFrame.Diverged;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.replication.ReplicaFrame.FromFollower;
import io.funes.server.replication.ReplicaFrame.FromLeader;
import io.funes.server.replication.ReplicaFrame.NotLeader;
import io.funes.server.replication.ReplicaFrame.Push;
import io.funes.server.replication.ReplicaFrame.Restart;
import io.funes.server.replication.ReplicaFrame.Unfollow;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Frames on the wire: what the generated classes say, both ways. */
class ReplicaFramesTest {
  private static final PartitionId ID =
      new PartitionId(new TopicId(new UUID(0x0102030405060708L, 0x090a0b0c0d0e0f10L)), 7);
  private static final ByteString TOPIC_ID =
      ByteString.copyFrom(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16});
  private static final ByteString ENTRIES = ByteString.copyFromUtf8("entries");

  private final ResponseMarshaller marshaller =
      new ResponseMarshaller(ReplicationServiceGrpc.getReplicateMethod().getResponseMarshaller());

  @Test
  void follow() throws Exception {
    says(
        new Follow(ID, 3, 1L << 40, -1),
        request ->
            request.setFollow(
                ReplicateRequest.Follow.newBuilder().setLogEndOffset(1L << 40).setLastEpoch(-1)));
  }

  @Test
  void acknowledge() throws Exception {
    says(
        new Acknowledge(ID, 3, 12),
        request -> request.setAcknowledge(ReplicateRequest.Acknowledge.newBuilder().setOffset(12)));
  }

  @Test
  void unfollow() throws Exception {
    says(
        new Unfollow(ID, 3),
        request -> request.setUnfollow(ReplicateRequest.Unfollow.getDefaultInstance()));
  }

  @Test
  void push() throws Exception {
    says(
        new Push(ID, 3, 12, ENTRIES.asReadOnlyByteBuffer()),
        response ->
            response.setPush(
                ReplicateResponse.Push.newBuilder().setHighWatermark(12).setEntries(ENTRIES)));
  }

  @Test
  void pushOfAWatermarkAlone() throws Exception {
    says(
        new Push(ID, 3, 12, ByteBuffer.allocate(0)),
        response -> response.setPush(ReplicateResponse.Push.newBuilder().setHighWatermark(12)));
  }

  @Test
  void diverged() throws Exception {
    says(
        new Diverged(ID, 3, 2, 11),
        response ->
            response.setDiverged(
                ReplicateResponse.Diverged.newBuilder().setEpoch(2).setEndOffset(11)));
  }

  @Test
  void restart() throws Exception {
    says(
        new Restart(ID, 3, 11),
        response ->
            response.setRestart(ReplicateResponse.Restart.newBuilder().setLogStartOffset(11)));
  }

  @Test
  void notLeader() throws Exception {
    says(
        new NotLeader(ID, 3),
        response -> response.setNotLeader(ReplicateResponse.NotLeader.getDefaultInstance()));
  }

  @Test
  void entriesStayWhereTheyWereReceivedUntilTheNextCome() {
    ReplicateResponse message =
        LeaderFrames.toProto(new Push(ID, 3, 12, ENTRIES.asReadOnlyByteBuffer()));

    Push first = (Push) LeaderFrames.fromProto(marshaller.parse(sent(message)));
    Push second = (Push) LeaderFrames.fromProto(marshaller.parse(sent(message)));

    assertThat(second.entries().array()).isSameAs(first.entries().array());
    assertThat(second.entries().isReadOnly()).isFalse();
  }

  /** As the transport gives it, which knows the length. */
  private InputStream sent(ReplicateResponse message) {
    return marshaller.stream(message);
  }

  @Test
  void whatIsNoFrameIsRefused() {
    ReplicateRequest request = ReplicateRequest.newBuilder().setTopicId(TOPIC_ID).build();
    ReplicateResponse response = ReplicateResponse.newBuilder().setTopicId(TOPIC_ID).build();
    ReplicateRequest cut = ReplicateRequest.newBuilder().setTopicId(TOPIC_ID.substring(1)).build();

    assertThatThrownBy(() -> FollowerFrames.fromProto(request)).isInstanceOf(UnknownFrame.class);
    assertThatThrownBy(() -> LeaderFrames.fromProto(response)).isInstanceOf(UnknownFrame.class);
    assertThatThrownBy(() -> FollowerFrames.fromProto(cut)).hasMessageContaining("15 bytes");
  }

  private static void says(FromFollower frame, UnaryOperator<ReplicateRequest.Builder> said)
      throws InvalidProtocolBufferException {
    ReplicateRequest.Builder expected =
        ReplicateRequest.newBuilder().setTopicId(TOPIC_ID).setPartition(7).setLeaderEpoch(3);

    byte[] wire = FollowerFrames.toProto(frame).toByteArray();

    assertThat(ReplicateRequest.parseFrom(wire)).isEqualTo(said.apply(expected).build());
    assertThat(FollowerFrames.fromProto(ReplicateRequest.parseFrom(wire))).isEqualTo(frame);
  }

  private void says(FromLeader frame, UnaryOperator<ReplicateResponse.Builder> said)
      throws Exception {
    ReplicateResponse.Builder expected =
        ReplicateResponse.newBuilder().setTopicId(TOPIC_ID).setPartition(7).setLeaderEpoch(3);

    byte[] wire = marshaller.stream(LeaderFrames.toProto(frame)).readAllBytes();

    assertThat(ReplicateResponse.parseFrom(wire)).isEqualTo(said.apply(expected).build());
    assertThat(LeaderFrames.fromProto(received(wire))).isEqualTo(frame);
  }

  private ReplicateResponse received(byte[] wire) {
    return marshaller.parse(new ByteArrayInputStream(wire));
  }
}
