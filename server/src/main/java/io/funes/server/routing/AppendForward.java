package io.funes.server.routing;

import io.funes.server.replication.AppendCallback;
import io.funes.server.replication.AppendTerms;
import io.funes.server.replication.ServedTopic;
import java.nio.ByteBuffer;

/** Appends that are not for this broker's log. */
public interface AppendForward {
  /**
   * Has the leader of the partition append the entry, which is copied before this returns.
   *
   * @param topicId as the request has it, perhaps empty
   * @throws io.funes.server.common.RefusedException when nothing was sent
   */
  void append(
      ServedTopic topic,
      int partition,
      String topicId,
      ByteBuffer entry,
      AppendTerms terms,
      AppendCallback callback);
}
