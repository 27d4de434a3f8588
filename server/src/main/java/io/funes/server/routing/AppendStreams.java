package io.funes.server.routing;

import com.google.protobuf.ByteString;
import io.funes.server.replication.AppendCallback;
import io.funes.server.replication.AppendTerms;
import io.funes.server.replication.ServedTopic;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The appends of one {@code ProduceStream}: a stream to each leader, so that the requests of one
 * partition arrive in the order sent. Appends come one after the other, as the requests do. No lock
 * is held while a call is used: what it brings may ask at once for more.
 */
public final class AppendStreams implements AppendForward {
  private final Routes routes;
  private final Caller caller;
  private final Runnable whenReady;
  private final Map<Key, LeaderStream> streams = new ConcurrentHashMap<>();

  /** A stream's requests all have their partition from the same side. */
  private record Key(Leader leader, boolean partitionChosen) {}

  /** With no stream yet; {@code whenReady} is run when {@link #ready} may be true again. */
  public AppendStreams(Routes routes, Caller caller, Runnable whenReady) {
    this.routes = routes;
    this.caller = caller;
    this.whenReady = whenReady;
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
    ByteString request = AppendMessage.request(topic, partition, topicId, entry, terms);
    stream(new Key(leader, terms.gapsAllowed())).append(request, callback);
  }

  private LeaderStream stream(Key key) {
    LeaderStream stream = streams.get(key);
    if (stream == null || stream.ended()) {
      stream =
          new LeaderStream(
              routes, key.leader(), caller.unbound().choosing(key.partitionChosen()), whenReady);
      streams.put(key, stream);
    }
    return stream;
  }

  /** False while a leader takes requests slower than they come. */
  public boolean ready() {
    return streams.values().stream().allMatch(LeaderStream::ready);
  }

  /** No more requests come. */
  public void close() {
    streams.values().forEach(LeaderStream::close);
  }
}
