package io.funes.server.controller.transport;

import io.funes.proto.internal.v1.HeartbeatRequest;
import io.funes.proto.internal.v1.HeartbeatResponse;
import io.funes.server.controller.BrokerLife;
import io.funes.server.controller.Heartbeat;
import io.funes.server.controller.HeartbeatAnswer;

/** Heartbeats, ours and the proto's. */
final class HeartbeatMapping {
  private HeartbeatMapping() {}

  static HeartbeatRequest toProto(Heartbeat beat) {
    return HeartbeatRequest.newBuilder()
        .setBrokerId(beat.from().brokerId())
        .setBrokerEpoch(beat.from().epoch())
        .setAppliedRevision(beat.appliedRevision())
        .setWantsShutdown(beat.wantsShutdown())
        .setMetadataVersion(beat.metadataVersion())
        .build();
  }

  static Heartbeat fromProto(HeartbeatRequest request) {
    return new Heartbeat(
        new BrokerLife(request.getBrokerId(), request.getBrokerEpoch()),
        request.getAppliedRevision(),
        request.getWantsShutdown(),
        request.getMetadataVersion());
  }

  static HeartbeatResponse toProto(HeartbeatAnswer answer) {
    return HeartbeatResponse.newBuilder()
        .setTerm(answer.term())
        .setRevision(answer.revision())
        .setFenced(answer.fenced())
        .setMayStop(answer.mayStop())
        .build();
  }

  static HeartbeatAnswer fromProto(HeartbeatResponse response) {
    return new HeartbeatAnswer(
        response.getTerm(), response.getRevision(), response.getFenced(), response.getMayStop());
  }
}
