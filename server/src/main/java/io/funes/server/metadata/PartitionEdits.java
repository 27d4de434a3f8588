package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.metadata.MetadataStateMachine.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Partitions that one command changes, gathered to be put into the image at once. */
final class PartitionEdits {
  /** What becomes of a partition; the very same image where nothing does. */
  interface Rule {
    PartitionImage apply(PartitionImage partition, PartitionTerms terms);
  }

  private final MetadataImage image;
  private final Map<String, List<PartitionImage>> edited = new TreeMap<>();

  PartitionEdits(MetadataImage image) {
    this.image = image;
  }

  /** Applies the rule to every partition there is. */
  PartitionEdits all(Rule rule) {
    for (TopicImage topic : image.topics()) {
      PartitionTerms terms = PartitionTerms.of(image, topic);
      List<PartitionImage> partitions = topic.partitions();
      for (int number = 0; number < partitions.size(); number++) {
        PartitionImage before = partitions.get(number);
        PartitionImage after = rule.apply(before, terms);
        if (!after.equals(before)) {
          edited(topic).set(number, after);
        }
      }
    }
    return this;
  }

  /** Why there is no such partition. */
  Optional<ErrorCode> missing(PartitionId id) {
    Optional<TopicImage> topic = image.topic(id.topicId());
    if (topic.isEmpty()) {
      return Optional.of(ErrorCode.UNKNOWN_TOPIC);
    }
    boolean there = id.partition() >= 0 && id.partition() < topic.get().partitions().size();
    return there ? Optional.empty() : Optional.of(ErrorCode.UNKNOWN_PARTITION);
  }

  /** A partition that is not {@link #missing}, with the edits so far. */
  PartitionImage get(PartitionId id) {
    TopicImage topic = image.topic(id.topicId()).orElseThrow();
    return edited.getOrDefault(topic.name().value(), topic.partitions()).get(id.partition());
  }

  PartitionImage edit(PartitionId id, Rule rule) {
    TopicImage topic = image.topic(id.topicId()).orElseThrow();
    PartitionImage before = get(id);
    PartitionImage after = rule.apply(before, PartitionTerms.of(image, topic));
    if (!after.equals(before)) {
      edited(topic).set(id.partition(), after);
    }
    return after;
  }

  /** The image with all edits. */
  MetadataImage edited() {
    List<TopicImage> changed = new ArrayList<>(edited.size());
    edited.forEach((name, partitions) ->
        changed.add(image.topics().get(name).orElseThrow().withPartitions(partitions)));
    return image.withChanged(changed);
  }

  /** The step from {@code before}, which has the same topics, to {@link #edited}. */
  Step applied(MetadataImage before, MetadataImage next, Outcome.Result result) {
    List<MetadataDelta.Change> changes = new ArrayList<>(edited.size());
    for (String name : edited.keySet()) {
      changes.add(
          new MetadataDelta.Change(
              before.topics().get(name).orElseThrow(), next.topics().get(name).orElseThrow()));
    }
    return Step.applied(before, next, MetadataDelta.changed(changes), result);
  }

  private List<PartitionImage> edited(TopicImage topic) {
    return edited.computeIfAbsent(topic.name().value(), _ -> new ArrayList<>(topic.partitions()));
  }
}
