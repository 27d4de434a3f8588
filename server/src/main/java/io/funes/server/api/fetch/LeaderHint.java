package io.funes.server.api.fetch;

import io.funes.server.routing.ReadForward;
import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/** Adds to the end of a call who led, if it was sent on. */
final class LeaderHint {
  private volatile ReadForward.Answer answer;

  void of(ReadForward.Answer forwarded) {
    answer = forwarded;
  }

  <Q, A> ServerCall<Q, A> on(ServerCall<Q, A> call) {
    return new SimpleForwardingServerCall<>(call) {
      @Override
      public void close(Status status, Metadata trailers) {
        super.close(status, answer == null ? trailers : answer.addTo(trailers));
      }
    };
  }
}
