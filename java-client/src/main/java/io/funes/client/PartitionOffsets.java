package io.funes.client;

import java.util.OptionalLong;

/**
 * Offsets of one partition.
 *
 * @param topicPartition the partition
 * @param offset the offset of the place that was asked for
 * @param timestampMs when asked by time and a record was found: its timestamp
 * @param logStartOffset first offset that can be read
 * @param highWatermark one past the last offset that can be read
 */
public record PartitionOffsets(
    TopicPartition topicPartition,
    long offset,
    OptionalLong timestampMs,
    long logStartOffset,
    long highWatermark) {}
