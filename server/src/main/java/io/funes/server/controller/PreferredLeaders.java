package io.funes.server.controller;

import io.funes.server.common.PartitionId;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.metadata.TopicImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Who should lead and does not. */
final class PreferredLeaders {
  /** A broker that leads all but a tenth of what it should is left alone. */
  private static final int IMBALANCE_PERCENT_MAX = 10;

  private PreferredLeaders() {}

  /** Partitions to give back to brokers that lead too little and could lead them at once. */
  static List<PartitionId> toElect(MetadataImage image) {
    Map<Integer, Share> shares = new TreeMap<>();
    for (TopicImage topic : image.topics()) {
      for (int number = 0; number < topic.partitions().size(); number++) {
        PartitionImage partition = topic.partitions().get(number);
        Share share =
            shares.computeIfAbsent(partition.replicas().getFirst(), preferred -> new Share());
        share.partitions++;
        if (couldMove(image, partition)) {
          share.elsewhere.add(topic.partitionId(number));
        }
      }
    }
    return shares.values().stream()
        .filter(Share::imbalanced)
        .flatMap(share -> share.elsewhere.stream())
        .toList();
  }

  private static boolean couldMove(MetadataImage image, PartitionImage partition) {
    int preferred = partition.replicas().getFirst();
    return partition.leaderId() != preferred
        && partition.inSync().contains(preferred)
        && image.broker(preferred).map(BrokerImage::writable).orElse(false);
  }

  /** Of the partitions that one broker should lead. */
  private static final class Share {
    private final List<PartitionId> elsewhere = new ArrayList<>();
    private int partitions;

    boolean imbalanced() {
      return elsewhere.size() * 100L > (long) partitions * IMBALANCE_PERCENT_MAX;
    }
  }
}
