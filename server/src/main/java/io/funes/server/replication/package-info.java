/**
 * Who may append and what readers may see: the leader's side of each partition, its high watermark,
 * the acknowledgements that wait for it, and the table of partitions this broker serves. One broker
 * alone is its own in-sync set, so the high watermark follows the log's end, or on topics with
 * {@code flush=before-ack} what has reached the disk.
 */
package io.funes.server.replication;
