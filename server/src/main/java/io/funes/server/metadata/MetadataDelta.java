package io.funes.server.metadata;

import java.util.ArrayList;
import java.util.List;

/** What is different in an image, for those who keep something per topic. */
public record MetadataDelta(
    List<TopicImage> created, List<Change> changed, List<TopicImage> deleted) {
  /** A topic before and after. */
  public record Change(TopicImage before, TopicImage after) {}

  static final MetadataDelta NONE = new MetadataDelta(List.of(), List.of(), List.of());

  public MetadataDelta {
    created = List.copyOf(created);
    changed = List.copyOf(changed);
    deleted = List.copyOf(deleted);
  }

  static MetadataDelta created(TopicImage topic) {
    return new MetadataDelta(List.of(topic), List.of(), List.of());
  }

  static MetadataDelta changed(TopicImage before, TopicImage after) {
    return before.equals(after)
        ? NONE
        : new MetadataDelta(List.of(), List.of(new Change(before, after)), List.of());
  }

  static MetadataDelta deleted(TopicImage topic) {
    return new MetadataDelta(List.of(), List.of(), List.of(topic));
  }

  /**
   * From one image to any later one: what a listener is told that joins late, or that a snapshot
   * overtook.
   */
  public static MetadataDelta between(MetadataImage before, MetadataImage after) {
    List<TopicImage> created = new ArrayList<>();
    List<Change> changed = new ArrayList<>();
    List<TopicImage> deleted = new ArrayList<>();
    for (TopicImage topic : after.topics()) {
      before
          .topic(topic.id())
          .ifPresentOrElse(
              old -> {
                if (!old.equals(topic)) {
                  changed.add(new Change(old, topic));
                }
              },
              () -> created.add(topic));
    }
    for (TopicImage topic : before.topics()) {
      if (after.topic(topic.id()).isEmpty()) {
        deleted.add(topic);
      }
    }
    return new MetadataDelta(created, changed, deleted);
  }

  public boolean isEmpty() {
    return created.isEmpty() && changed.isEmpty() && deleted.isEmpty();
  }
}
