package io.funes.client;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A change of a topic; what it does not name stays as it is. Not safe for use by several threads.
 */
public final class TopicChange {
  final String name;
  final Map<String, String> configs = new LinkedHashMap<>();
  final List<String> resetConfigs = new ArrayList<>();
  String id = "";
  int partitions;
  boolean validateOnly;

  private TopicChange(String name) {
    this.name = Objects.requireNonNull(name, "name");
  }

  /** A change of the topic of this name. */
  public static TopicChange of(String name) {
    return new TopicChange(name);
  }

  /**
   * Raises the number of partitions. Keys move then: a key's later records may go to another
   * partition.
   *
   * @throws IllegalArgumentException when not positive
   */
  public TopicChange partitions(int partitions) {
    Check.argument(partitions > 0, "partitions", partitions, "must be positive");
    this.partitions = partitions;
    return this;
  }

  /** Sets a topic config. */
  public TopicChange config(String key, String value) {
    configs.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Puts a topic config back to its default. */
  public TopicChange resetConfig(String key) {
    resetConfigs.add(Objects.requireNonNull(key, "key"));
    return this;
  }

  /**
   * Changes the topic only if it has this id (a UUID), that is, if it was not deleted and created
   * again.
   */
  public TopicChange onlyId(String id) {
    this.id = Objects.requireNonNull(id, "id");
    return this;
  }

  /** Checks everything and changes nothing. */
  public TopicChange validateOnly() {
    validateOnly = true;
    return this;
  }
}
