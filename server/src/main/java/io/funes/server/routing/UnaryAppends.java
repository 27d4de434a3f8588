package io.funes.server.routing;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.funes.proto.v1.ProduceResponse;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.server.replication.AppendCallback;
import io.funes.server.replication.AppendTerms;
import io.funes.server.replication.ServedTopic;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import java.nio.ByteBuffer;
import java.util.LinkedHashSet;
import java.util.Set;

/** The appends of one {@code Produce} call, each as a call of its own to its leader. */
public final class UnaryAppends implements AppendForward {
  private static final MethodDescriptor<ByteString, ByteString> PRODUCE =
      ProduceServiceGrpc.getProduceMethod().toBuilder(Bytes.MARSHALLER, Bytes.MARSHALLER).build();

  private final Routes routes;
  private final Caller caller;
  private Set<String> leaders = Set.of();

  public UnaryAppends(Routes routes, Caller caller) {
    this.routes = routes;
    this.caller = caller;
  }

  @Override
  public void append(
      ServedTopic topic,
      int partition,
      String topicId,
      ByteBuffer entry,
      AppendTerms terms,
      AppendCallback callback) {
    Leader leader = routes.onward(caller, topic, partition);
    remember(leader);
    ByteString request = AppendMessage.request(topic, partition, topicId, entry, terms);
    // An append goes on when its caller goes away, as it does where the partition is led. Only the
    // deadline is kept.
    Caller unbound = caller.unbound().choosing(terms.gapsAllowed());
    var _ =
        RemoteCall.unary(routes, leader, PRODUCE, request, unbound)
            .whenComplete((message, failure) -> {
              if (failure == null) {
                answer(message, callback);
              } else {
                callback.refused(RemoteRefusals.of(failure));
              }
            });
  }

  private static void answer(ByteString message, AppendCallback callback) {
    try {
      AppendMessage.answer(ProduceResponse.parseFrom(message), callback);
    } catch (InvalidProtocolBufferException e) {
      callback.refused(RemoteRefusals.of(e));
    }
  }

  private synchronized void remember(Leader leader) {
    Set<String> more = new LinkedHashSet<>(leaders);
    more.add(leader.address());
    leaders = more;
  }

  /** For the end of the call: who led. */
  public synchronized Metadata addTo(Metadata trailers) {
    leaders.forEach(address -> trailers.put(Caller.LEADER, address));
    return trailers;
  }
}
