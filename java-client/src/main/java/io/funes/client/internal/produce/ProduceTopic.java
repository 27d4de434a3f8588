package io.funes.client.internal.produce;

import io.funes.client.CallTimeoutException;
import io.funes.client.ErrorReason;
import io.funes.client.Failure;
import io.funes.client.FunesException;
import io.funes.client.ProducerRecord;
import io.funes.client.UnknownTopicException;
import io.funes.client.internal.cluster.Way;
import io.funes.proto.v1.ProduceRequest;
import io.funes.proto.v1.Topic;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A topic that is produced to: its partitions, and which of them takes the records without a key.
 * That one changes with every batch, round robin from a random start, so over time all get the same
 * number of batches. Safe for use by several threads.
 */
public final class ProduceTopic {
  private final ProduceSender sender;
  private final String name;
  private final AtomicBoolean lookingUp = new AtomicBoolean();
  private volatile String id;
  private volatile PartitionQueue[] partitions = {};
  private volatile int sticky;
  private volatile long knownSinceNanos;
  private volatile boolean gone;

  ProduceTopic(Topic topic, ProduceSender sender) {
    this.sender = sender;
    this.name = topic.getName();
    know(topic);
    sticky = ThreadLocalRandom.current().nextInt(partitions.length);
  }

  public String name() {
    return name;
  }

  /** Whether the broker has said that it does not exist, or no longer. */
  public boolean isGone() {
    return gone;
  }

  PartitionQueue[] partitions() {
    return partitions;
  }

  /** Where the record goes; null when it names a partition that is not known. */
  public PartitionQueue choose(ProducerRecord record) {
    PartitionQueue[] known = partitions;
    int partition = record.partition();
    if (partition < 0) {
      partition = record.key() == null ? sticky : Murmur2.partition(record.key(), known.length);
    }
    return partition < known.length ? known[partition] : null;
  }

  /** The partition's batch is closed: the next records without a key go to the next partition. */
  void moveOn(int partition) {
    if (sticky == partition) {
      int next = partition + 1;
      sticky = next < partitions.length ? next : 0;
    }
  }

  /**
   * The fields of a request that are the same for all batches of a partition, and at the end the
   * leader epoch: {@link ProduceBatch#leaderEpoch} writes it anew whenever a batch is sent.
   */
  byte[] requestFields(int partition) {
    return ProduceRequest.newBuilder()
        .setTopic(name)
        .setPartition(partition)
        .setAcksValue(
            switch (sender.settings().acks()) {
              case NONE -> io.funes.proto.v1.Acks.ACKS_NONE_VALUE;
              case LEADER -> io.funes.proto.v1.Acks.ACKS_LEADER_VALUE;
              case ALL -> io.funes.proto.v1.Acks.ACKS_ALL_VALUE;
            })
        .setTopicId(id)
        .setLeaderEpoch(Way.UNKNOWN)
        .build()
        .toByteArray();
  }

  /** Takes in what the broker says about the topic. Partitions only ever become more. */
  synchronized void know(Topic topic) {
    id = topic.getId();
    List<PartitionQueue> queues = new ArrayList<>(List.of(partitions));
    for (int i = queues.size(); i < topic.getPartitionCount(); i++) {
      queues.add(sender.newQueue(this, i));
    }
    partitions = queues.toArray(new PartitionQueue[0]);
    knownSinceNanos = sender.settings().ticker().nanos();
  }

  boolean olderThan(long nanos, long nowNanos) {
    return nowNanos - knownSinceNanos > nanos;
  }

  /** Asks the broker, then lets the partitions go on or fails what they hold. */
  void lookUpAgain() {
    if (!lookingUp.compareAndSet(false, true)) {
      return;
    }
    sender
        .topics()
        .lookUp(
            name,
            (topic, error) -> {
              lookingUp.set(false);
              if (topic != null) {
                known(topic);
              } else if (error.isRetriable() || error instanceof CallTimeoutException) {
                sender.schedule(this::lookUpAgain, sender.settings().retryMs(5));
              } else {
                unknown(error);
              }
            });
  }

  private void known(Topic topic) {
    know(topic);
    int count = topic.getPartitionCount();
    for (PartitionQueue queue : partitions) {
      if (queue.partition().partition() < count) {
        queue.resume();
      } else {
        queue.fail(unknownPartition(queue.partition().partition(), count), false);
        queue.resume();
      }
    }
  }

  private void unknown(FunesException error) {
    gone = true;
    sender.topics().forget(this);
    for (PartitionQueue queue : partitions) {
      queue.fail(error, true);
    }
  }

  UnknownTopicException unknownPartition(int partition, int count) {
    String partitions = count == 1 ? " partition" : " partitions";
    String message = "topic " + name + " has " + count + partitions + ", so none is " + partition;
    return new UnknownTopicException(Failure.of(ErrorReason.UNKNOWN_PARTITION, message));
  }
}
