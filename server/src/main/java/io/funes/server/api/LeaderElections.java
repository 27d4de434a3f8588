package io.funes.server.api;

import io.funes.proto.v1.ElectLeadersRequest;
import io.funes.proto.v1.ElectLeadersResponse;
import io.funes.proto.v1.ElectionResult;
import io.funes.proto.v1.TopicPartition;
import io.funes.server.api.mapping.ElectionMapping;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.RefusedException;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.ElectLeaders.Kind;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataLog;
import io.funes.server.metadata.Outcome;
import io.funes.server.metadata.PartitionAnswer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** Elections that an operator asks for: one command for all partitions of a call. */
final class LeaderElections {
  private static final int PARTITIONS_MAX = 1_000;

  private final MetadataLog metadata;

  LeaderElections(MetadataLog metadata) {
    this.metadata = metadata;
  }

  CompletableFuture<ElectLeadersResponse> elect(ElectLeadersRequest request) {
    Kind kind = ElectionMapping.kind(request.getKind());
    MetadataImage image = metadata.image();
    List<TopicPartition> asked = asked(request, kind, image);
    List<PartitionId> ids = new ArrayList<>();
    ElectionResult[] results = new ElectionResult[asked.size()];
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < results.length; i++) {
      try {
        ids.add(ElectionMapping.partition(image, asked.get(i)));
        places.add(i);
      } catch (RefusedException e) {
        results[i] = ElectionMapping.failed(asked.get(i), e);
      }
    }
    return answers(new ElectLeaders(ids, kind))
        .thenApply(answers -> {
          for (int i = 0; i < answers.size(); i++) {
            int place = places.get(i);
            results[place] = ElectionMapping.result(asked.get(place), kind, answers.get(i));
          }
          return ElectLeadersResponse.newBuilder().addAllResults(List.of(results)).build();
        });
  }

  private static List<TopicPartition> asked(
      ElectLeadersRequest request, Kind kind, MetadataImage image) {
    int count = request.getPartitionsCount();
    if (count > PARTITIONS_MAX) {
      throw refused("%d partitions are named: one call takes %d".formatted(count, PARTITIONS_MAX));
    }
    if (count > 0) {
      return request.getPartitionsList();
    }
    if (kind == Kind.UNCLEAN) {
      throw refused("an unclean election may lose records: name the partitions");
    }
    return ElectionMapping.notLedByPreferred(image, PARTITIONS_MAX);
  }

  private static RefusedException refused(String message) {
    return Refusal.of(ErrorCode.INVALID_ARGUMENT, message).field("partitions").exception();
  }

  private CompletableFuture<List<PartitionAnswer>> answers(ElectLeaders command) {
    return command.partitions().isEmpty()
        ? CompletableFuture.completedFuture(List.of())
        : metadata
            .submit(command)
            .thenApply(outcome -> ((Outcome.LeadersElected) outcome.orThrow()).answers());
  }
}
