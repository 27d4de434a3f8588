package io.funes.server.replication.transport;

import io.funes.proto.internal.v1.ReplicateRequest;
import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.replication.ReplicaFrame.Acknowledge;
import io.funes.server.replication.ReplicaFrame.Follow;
import io.funes.server.replication.ReplicaFrame.FromFollower;
import io.funes.server.replication.ReplicaFrame.Unfollow;

/** Frames of followers, ours and the proto's. */
final class FollowerFrames {
  private FollowerFrames() {}

  static ReplicateRequest toProto(FromFollower frame) {
    ReplicateRequest.Builder request =
        ReplicateRequest.newBuilder()
            .setTopicId(Uuids.toProto(frame.partition().topicId().value()))
            .setPartition(frame.partition().partition())
            .setLeaderEpoch(frame.leaderEpoch());
    switch (frame) {
      case Follow follow ->
          request
              .getFollowBuilder()
              .setLogEndOffset(follow.logEndOffset())
              .setLastEpoch(follow.lastEpoch());
      case Acknowledge acknowledge ->
          request.getAcknowledgeBuilder().setOffset(acknowledge.offset());
      case Unfollow _ -> request.setUnfollow(ReplicateRequest.Unfollow.getDefaultInstance());
    }
    return request.build();
  }

  static FromFollower fromProto(ReplicateRequest request) {
    PartitionId partition =
        new PartitionId(new TopicId(Uuids.fromProto(request.getTopicId())), request.getPartition());
    int leaderEpoch = request.getLeaderEpoch();
    return switch (request.getFrameCase()) {
      case FOLLOW ->
          new Follow(
              partition,
              leaderEpoch,
              request.getFollow().getLogEndOffset(),
              request.getFollow().getLastEpoch());
      case ACKNOWLEDGE ->
          new Acknowledge(partition, leaderEpoch, request.getAcknowledge().getOffset());
      case UNFOLLOW -> new Unfollow(partition, leaderEpoch);
      case HELLO -> throw new UnknownFrame("a second hello");
      case FRAME_NOT_SET -> throw new UnknownFrame("a frame of a kind this broker does not know");
    };
  }
}
