package io.funes.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** A topic to create. Not safe for use by several threads. */
public final class NewTopic {
  final String name;
  final Map<String, String> configs = new LinkedHashMap<>();
  int partitions;
  int replicas;
  boolean validateOnly;

  private NewTopic(String name) {
    this.name = Objects.requireNonNull(name, "name");
  }

  /**
   * A topic of this name with the broker's defaults: 1 to 249 characters of {@code a-z A-Z 0-9 . _
   * -}.
   */
  public static NewTopic named(String name) {
    return new NewTopic(name);
  }

  /**
   * Number of partitions; without it the broker's default.
   *
   * @throws IllegalArgumentException when not positive
   */
  public NewTopic partitions(int partitions) {
    Check.argument(partitions > 0, "partitions", partitions, "must be positive");
    this.partitions = partitions;
    return this;
  }

  /**
   * Number of replicas of each partition; without it the broker's default.
   *
   * @throws IllegalArgumentException when not positive
   */
  public NewTopic replicas(int replicas) {
    Check.argument(replicas > 0, "replicas", replicas, "must be positive");
    this.replicas = replicas;
    return this;
  }

  /** Sets a topic config, such as {@code retention.ms}; the keys stand in docs/configuration.md. */
  public NewTopic config(String key, String value) {
    configs.put(Objects.requireNonNull(key, "key"), Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Checks everything and creates nothing; the description then has no id. */
  public NewTopic validateOnly() {
    validateOnly = true;
    return this;
  }
}
