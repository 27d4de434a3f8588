package io.funes.server.metadata;

/**
 * What decides about a partition besides its own state: who is up, and two configs of its topic.
 * Only what is set on the topic counts, since brokers may differ in their defaults; a lower minimum
 * than the leader's own keeps fewer eligible leaders, never a wrong one.
 */
record PartitionTerms(
    PersistentSortedMap<Integer, BrokerImage> brokers, int minInSync, boolean uncleanAllowed) {

  static PartitionTerms of(MetadataImage image, TopicImage topic) {
    return new PartitionTerms(
        image.brokers(),
        Integer.parseInt(set(topic, TopicConfigKey.MIN_INSYNC_REPLICAS, "1")),
        Boolean.parseBoolean(set(topic, TopicConfigKey.UNCLEAN_LEADER_ELECTION, "false")));
  }

  PartitionTerms allowingUnclean() {
    return new PartitionTerms(brokers, minInSync, true);
  }

  /** May become leader, and takes records then. */
  boolean writable(int brokerId) {
    return brokers.get(brokerId).map(BrokerImage::writable).orElse(false);
  }

  /** May become leader. */
  boolean active(int brokerId) {
    return brokers.get(brokerId).map(BrokerImage::active).orElse(false);
  }

  /** May stay leader. */
  boolean up(int brokerId) {
    return brokers.get(brokerId).map(broker -> !broker.fenced()).orElse(false);
  }

  /** The default is part of the log's meaning and stays, whatever the table of keys says. */
  private static String set(TopicImage topic, TopicConfigKey key, String otherwise) {
    return topic.configs().getOrDefault(key.key(), otherwise);
  }
}
