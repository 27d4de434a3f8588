package io.funes.server.replication.transport;

import com.google.protobuf.UnsafeByteOperations;
import io.funes.proto.internal.v1.ReplicateResponse;
import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.replication.ReplicaFrame.Diverged;
import io.funes.server.replication.ReplicaFrame.FromLeader;
import io.funes.server.replication.ReplicaFrame.NotLeader;
import io.funes.server.replication.ReplicaFrame.Push;
import io.funes.server.replication.ReplicaFrame.Restart;

/** Frames of leaders, ours and the proto's. The entries of a push are the same bytes in both. */
final class LeaderFrames {
  private LeaderFrames() {}

  static ReplicateResponse toProto(FromLeader frame) {
    ReplicateResponse.Builder response =
        ReplicateResponse.newBuilder()
            .setTopicId(Uuids.toProto(frame.partition().topicId().value()))
            .setPartition(frame.partition().partition())
            .setLeaderEpoch(frame.leaderEpoch());
    switch (frame) {
      case Push push ->
          response
              .getPushBuilder()
              .setHighWatermark(push.highWatermark())
              .setEntries(UnsafeByteOperations.unsafeWrap(push.entries()));
      case Diverged diverged ->
          response
              .getDivergedBuilder()
              .setEpoch(diverged.epoch())
              .setEndOffset(diverged.endOffset());
      case Restart restart ->
          response.getRestartBuilder().setLogStartOffset(restart.logStartOffset());
      case NotLeader _ -> response.setNotLeader(ReplicateResponse.NotLeader.getDefaultInstance());
    }
    return response.build();
  }

  static FromLeader fromProto(ReplicateResponse response) {
    PartitionId partition =
        new PartitionId(
            new TopicId(Uuids.fromProto(response.getTopicId())), response.getPartition());
    int leaderEpoch = response.getLeaderEpoch();
    return switch (response.getFrameCase()) {
      case PUSH ->
          new Push(
              partition,
              leaderEpoch,
              response.getPush().getHighWatermark(),
              BackingBytes.of(response.getPush().getEntries()));
      case DIVERGED ->
          new Diverged(
              partition,
              leaderEpoch,
              response.getDiverged().getEpoch(),
              response.getDiverged().getEndOffset());
      case RESTART ->
          new Restart(partition, leaderEpoch, response.getRestart().getLogStartOffset());
      case NOT_LEADER -> new NotLeader(partition, leaderEpoch);
      case FRAME_NOT_SET -> throw new UnknownFrame("a frame of a kind this broker does not know");
    };
  }
}
