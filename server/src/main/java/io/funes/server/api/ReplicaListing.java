package io.funes.server.api;

import io.funes.proto.v1.FollowerProgress;
import io.funes.proto.v1.ListReplicasRequest;
import io.funes.proto.v1.ListReplicasResponse;
import io.funes.proto.v1.Replica;
import io.funes.server.api.mapping.ClusterMapping.Place;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.PartitionImage;
import io.funes.server.metadata.TopicImage;
import io.funes.server.replication.HeldReplica;
import io.funes.server.replication.PartitionTable;
import java.util.Optional;
import java.util.TreeMap;

/** The replicas on this broker, page by page. */
final class ReplicaListing {
  private final int brokerId;
  private final PartitionTable table;

  ReplicaListing(int brokerId, PartitionTable table) {
    this.brokerId = brokerId;
    this.table = table;
  }

  ListReplicasResponse list(MetadataImage image, ListReplicasRequest request, int size) {
    Place from = PartitionToken.decode(request.getPageToken());
    ListReplicasResponse.Builder response = ListReplicasResponse.newBuilder().setBrokerId(brokerId);
    for (TopicImage topic : image.topics().from(from.topic())) {
      for (int number = 0; number < topic.partitions().size(); number++) {
        PartitionImage partition = topic.partitions().get(number);
        Place place = new Place(topic.name().value(), number);
        if (!partition.replicas().contains(brokerId) || from.compareTo(place) > 0) {
          continue;
        }
        if (response.getReplicasCount() == size) {
          return response.setNextPageToken(PartitionToken.encode(place)).build();
        }
        Optional<HeldReplica> held = table.held(topic.partitionId(number));
        held.ifPresent(replica -> response.addReplicas(message(place, replica)));
      }
    }
    return response.build();
  }

  private static Replica message(Place place, HeldReplica held) {
    Replica.Builder replica =
        Replica.newBuilder()
            .setTopic(place.topic())
            .setPartition(place.partition())
            .setSizeBytes(held.sizeBytes())
            .setLogStartOffset(held.logStartOffset())
            .setLogEndOffset(held.logEndOffset())
            .setLeads(held.leads());
    new TreeMap<>(held.followerOffsets())
        .forEach((broker, offset) ->
            replica.addFollowers(progress(broker, offset, held.logEndOffset())));
    return replica.build();
  }

  private static FollowerProgress progress(int broker, long offset, long logEndOffset) {
    FollowerProgress.Builder progress = FollowerProgress.newBuilder().setBrokerId(broker);
    if (offset >= 0) {
      progress.setLogEndOffset(offset).setLag(Math.max(0, logEndOffset - offset));
    }
    return progress.build();
  }
}
