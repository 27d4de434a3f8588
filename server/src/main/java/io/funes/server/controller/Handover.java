package io.funes.server.controller;

import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.metadata.TopicImage;

/** What a broker that shuts down leaves to the others. */
final class Handover {
  private Handover() {}

  /** It leads nothing that somebody else leads now, or could as soon as he has caught up. */
  static boolean done(MetadataImage image, int brokerId) {
    for (TopicImage topic : image.topics()) {
      for (PartitionImage partition : topic.partitions()) {
        if (partition.leaderId() == brokerId && hasAnotherReplicaUp(image, partition)) {
          return false;
        }
      }
    }
    return true;
  }

  /** The leader itself is on its way out, and so not one of them. */
  private static boolean hasAnotherReplicaUp(MetadataImage image, PartitionImage partition) {
    return partition.replicas().stream()
        .anyMatch(id -> image.broker(id).map(BrokerImage::active).orElse(false));
  }
}
