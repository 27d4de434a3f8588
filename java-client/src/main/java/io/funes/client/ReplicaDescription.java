package io.funes.client;

import java.util.Map;

/**
 * A replica on one broker.
 *
 * @param partition which one
 * @param brokerId where it is
 * @param sizeBytes bytes of its segments
 * @param logStartOffset offset of the first record there is
 * @param logEndOffset one past the last offset, acknowledged or not
 * @param leads whether the broker leads the partition
 * @param followerLag where it leads: offsets that each other replica is behind, -1 where the leader
 *     has not heard of it
 */
public record ReplicaDescription(
    TopicPartition partition,
    int brokerId,
    long sizeBytes,
    long logStartOffset,
    long logEndOffset,
    boolean leads,
    Map<Integer, Long> followerLag) {}
