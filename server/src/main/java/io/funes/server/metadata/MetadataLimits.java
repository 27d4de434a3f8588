package io.funes.server.metadata;

/**
 * How much the metadata may hold. They travel in the commands they limit: a broker with other
 * limits must apply an old command as all did when it was logged.
 *
 * @param topicPartitionsMax partitions of one topic
 * @param brokerPartitionsMax replicas of partitions on one broker
 * @param producerNamesMax named producers
 */
public record MetadataLimits(
    int topicPartitionsMax, int brokerPartitionsMax, int producerNamesMax) {
  public static final MetadataLimits DEFAULT = new MetadataLimits(10_000, 10_000, 100_000);
}
