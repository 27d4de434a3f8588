package io.funes.client;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * A topic.
 *
 * @param name topic name
 * @param id UUID, given at creation; empty when the creation was only checked
 * @param partitionCount number of partitions
 * @param replicationFactor replicas of each partition
 * @param partitions in partition order; empty in the answer of {@link Admin#topics()}
 * @param configs configs set on the topic itself
 * @param effectiveConfigs all configs as they apply, defaults included; empty in the answer of
 *     {@link Admin#topics()}
 * @param internal whether it belongs to the brokers
 * @param createTime when it was created
 */
public record TopicDescription(
    String name,
    String id,
    int partitionCount,
    int replicationFactor,
    List<PartitionDescription> partitions,
    Map<String, String> configs,
    Map<String, String> effectiveConfigs,
    boolean internal,
    Instant createTime) {}
