package io.funes.client;

/**
 * Why something failed. The first group comes from the broker (funes/v1/error.proto explains each),
 * the second from the client.
 */
public enum ErrorReason {
  /** A field has a value that it can never have. */
  INVALID_ARGUMENT,
  /** No legal topic name. */
  INVALID_TOPIC_NAME,
  /** A topic config key does not exist or its value is not valid. */
  INVALID_TOPIC_CONFIG,
  /** A partition count that is not positive, too high, or lower than before. */
  INVALID_PARTITION_COUNT,
  /** Fewer brokers than replicas asked for. */
  INVALID_REPLICATION_FACTOR,
  /** No such topic. */
  UNKNOWN_TOPIC,
  /** The topic exists, the partition does not. */
  UNKNOWN_PARTITION,
  /** A topic of this name exists. */
  TOPIC_EXISTS,
  /** The topic was deleted and created again. */
  TOPIC_ID_MISMATCH,
  /** The limit of partitions per broker is reached. */
  TOO_MANY_PARTITIONS,
  /** The topic belongs to the brokers. */
  INTERNAL_TOPIC,
  /** A record is larger than the topic's {@code max.record.bytes}, or than any request may be. */
  RECORD_TOO_LARGE,
  /** A batch is larger than the broker allows, or decompressed than the consumer does. */
  BATCH_TOO_LARGE,
  /** Bytes that are no records. */
  MALFORMED_RECORDS,
  /** The checksum does not match the bytes. */
  CRC_MISMATCH,
  /** The batch holds another number of records than it says. */
  RECORD_COUNT_MISMATCH,
  /** The codec is unknown, or the batch cannot be decompressed with it. */
  INVALID_CODEC,
  /** A record of a compacted topic has no key. */
  KEY_REQUIRED,
  /** A request without a record. */
  NO_RECORDS,
  /** A timestamp is negative. */
  INVALID_TIMESTAMP,
  /** The offset is below the log's start or above its end. */
  OFFSET_OUT_OF_RANGE,
  /** A batch is missing before this one. */
  SEQUENCE_GAP,
  /** A newer instance of this producer exists. */
  STALE_PRODUCER_EPOCH,
  /** The log's end is not where the request expected it. */
  EXPECTED_OFFSET_MISMATCH,
  /** The broker's data disk has no room. */
  DISK_FULL,
  /** A limit of the broker is reached. */
  LIMIT_REACHED,
  /** The partition has no leader just now. */
  NO_LEADER,
  /** The broker cannot be reached, is starting or stopping, or has lost its quorum. */
  BROKER_UNAVAILABLE,
  /** The partition's log is out of service after a disk error. */
  STORAGE_FAILURE,
  /** Too few replicas are in sync: nothing was written. */
  NOT_ENOUGH_REPLICAS,
  /** Written, but not by as many replicas as must have it: it may be lost. */
  NOT_ENOUGH_REPLICAS_AFTER_APPEND,
  /** Another broker leads the partition. */
  NOT_LEADER,
  /** Among brokers, and never told to clients: a leader acted when its leader epoch was over. */
  FENCED_LEADER_EPOCH,
  /** Among brokers, and never told to clients: the partition has not had that leader epoch. */
  UNKNOWN_LEADER_EPOCH,
  /** The call's time was over before the broker answered. */
  DEADLINE_PASSED,
  /** A fault of the broker; its log has the cause. */
  INTERNAL,
  /** No such broker. */
  UNKNOWN_BROKER,
  /** The broker holds replicas, or is up, and cannot be removed. */
  BROKER_IN_USE,
  /** The broker was registered again since. */
  STALE_BROKER_EPOCH,
  /** The partition has changed since. */
  STALE_PARTITION_EPOCH,
  /** The broker may not be in sync, or not lead. */
  INELIGIBLE_REPLICA,

  /** A reason that this version of the client does not know; the message has its name. */
  UNRECOGNIZED,
  /**
   * A batch was not acknowledged within the delivery timeout; whether it was written is not known.
   */
  DELIVERY_TIMEOUT,
  /** There was no room in the producer's buffer in time. */
  BUFFER_FULL,
  /** The producer, consumer or admin is closed. */
  CLIENT_CLOSED,
  /** The library of a compression codec is not on the class path. */
  CODEC_MISSING
}
