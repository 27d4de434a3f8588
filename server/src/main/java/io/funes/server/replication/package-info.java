/**
 * Who may append and what readers may see. The table of partitions that this broker serves has a
 * {@code Replica} of each, which leads or follows for one leader epoch at a time.
 *
 * <p>{@code LeaderPartition} owns the high watermark and the acknowledgements that wait for it, and
 * says which replicas are in sync. One broker alone is its own in-sync set, so the high watermark
 * follows the log's end, or on topics with {@code flush=before-ack} what has reached the disk. A
 * {@code FollowerFeed} pushes what leaders here append to one broker that follows.
 *
 * <p>{@code FollowerPartition} writes what its leader pushes, cuts its log where that one's parts
 * from it, acknowledges what is safe, and shows readers what the leader told is committed. A {@code
 * LeaderLink} carries this for all partitions that follow one broker.
 */
package io.funes.server.replication;
