package io.funes.server.routing;

import io.grpc.CallOptions;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import java.util.Set;

/**
 * What a call brought besides its request, as far as the leader should see it too.
 *
 * @param context cancelled when the caller goes away
 * @param deadline null for none
 */
public record Caller(Metadata headers, Context context, Deadline deadline) {
  /** On a call that was sent on: it is answered here or refused. */
  public static final Metadata.Key<String> FORWARDED = key("funes-forwarded");

  /** In trailers: HOST:PORT of the broker that leads. A caller may go there next time. */
  public static final Metadata.Key<String> LEADER = key("funes-leader");

  /** Beside {@link #FORWARDED}: not the client chose the partition, but the broker it called. */
  public static final Metadata.Key<String> PARTITION_CHOSEN = key("funes-partition-chosen");

  /** Those of the connection, which each hop has its own of. */
  private static final Set<String> OF_THE_HOP =
      Set.of("user-agent", "content-type", "te", "accept-encoding", "content-encoding");

  private static Metadata.Key<String> key(String name) {
    return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
  }

  /** The call that is being started on this thread. */
  public static Caller of(Metadata headers) {
    Context context = Context.current();
    return new Caller(headers, context, context.getDeadline());
  }

  /** The same for work that ends with this context. */
  public Caller in(Context other) {
    return new Caller(headers, other, deadline);
  }

  /** The same for work that goes on without its caller. */
  Caller unbound() {
    return in(Context.ROOT);
  }

  /** The same for an append to a partition that this broker chose. */
  Caller choosing(boolean chosen) {
    if (!chosen) {
      return this;
    }
    Metadata more = new Metadata();
    more.merge(headers);
    more.discardAll(PARTITION_CHOSEN);
    more.put(PARTITION_CHOSEN, "1");
    return new Caller(more, context, deadline);
  }

  public boolean forwarded() {
    return headers.containsKey(FORWARDED);
  }

  /** A broker sent the call on, after it chose the partition. */
  public boolean partitionChosen() {
    return forwarded() && headers.containsKey(PARTITION_CHOSEN);
  }

  /** What the leader gets. */
  Metadata onward() {
    Metadata onward = new Metadata();
    onward.merge(headers);
    for (String name : headers.keys()) {
      boolean ofGrpc = name.startsWith("grpc-") && !name.endsWith(Metadata.BINARY_HEADER_SUFFIX);
      if (ofGrpc || OF_THE_HOP.contains(name)) {
        onward.discardAll(key(name));
      }
    }
    onward.put(FORWARDED, "1");
    return onward;
  }

  CallOptions options() {
    return CallOptions.DEFAULT.withDeadline(deadline);
  }
}
