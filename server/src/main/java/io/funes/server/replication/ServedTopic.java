package io.funes.server.replication;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.TopicImage;
import java.util.List;

/** A topic as this broker serves it. Replaced as a whole when its metadata changes. */
public record ServedTopic(TopicImage image, TopicRules rules, List<LeaderPartition> partitions) {
  public int partitionCount() {
    return partitions.size();
  }

  public LeaderPartition partition(int number) {
    if (number < 0 || number >= partitions.size()) {
      throw Refusal.of(
              ErrorCode.UNKNOWN_PARTITION,
              "topic %s has partitions 0 to %d, not %d"
                  .formatted(image.name(), partitions.size() - 1, number))
          .with("topic", image.name())
          .with("partition", number)
          .with("partition_count", partitions.size())
          .exception();
    }
    return partitions.get(number);
  }
}
