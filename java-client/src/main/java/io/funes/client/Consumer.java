package io.funes.client;

import io.funes.client.internal.cluster.Cluster;
import io.funes.client.internal.consume.Assignment;
import io.funes.client.internal.consume.Places;
import io.funes.client.internal.consume.ReadSettings;
import io.funes.client.internal.consume.Reader;
import io.funes.client.internal.transport.Connection;
import io.funes.client.internal.transport.ServerList;
import io.funes.client.internal.transport.Ticker;
import io.funes.client.internal.transport.Topics;
import io.funes.proto.v1.Topic;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Reads chosen partitions. The broker pushes batches ahead of {@link #poll}, as many bytes as
 * {@code prefetchBytes} allows; after a broken connection reading goes on by itself where it stood.
 *
 * <p>Records of a partition come in the order of their offsets, without repetition until it is
 * sought; those of different partitions are mixed. Positions live as long as the consumer: to go on
 * in a later process, keep the offset behind the last record that was dealt with, and seek to it.
 *
 * <p>For one thread at a time; only {@link #wakeup} may be called by others.
 */
public final class Consumer implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final ReadSettings settings;
  private final Connection connection;
  private final Assignment assignment;
  private final Reader reader;
  private final Places places;
  private final OpenBatch open;

  Consumer(ServerList servers, boolean direct, ReadSettings settings) {
    this.settings = settings;
    connection = new Connection(servers, "consumer-" + COUNT.incrementAndGet());
    assignment = new Assignment(settings.startAt());
    reader =
        new Reader(
            assignment, settings, connection, new Cluster(connection, direct, settings.rack()));
    places = new Places(assignment, reader, connection, settings);
    open = new OpenBatch(settings, assignment, reader, places);
  }

  /** Begins a consumer with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Reads all partitions that the topic has now, and nothing else. Those that were assigned before
   * go on where they stood, unless that was in an earlier topic of this name; others begin at
   * {@link Builder#startAt}. Partitions that are added to the topic later are not read.
   *
   * @throws UnknownTopicException when there is no such topic
   * @throws UnavailableException when no broker can be reached within the call timeout
   */
  public void assign(String topic) {
    Topic found = Topics.get(connection, topic, settings.callTimeoutNanos());
    List<TopicPartition> partitions = new ArrayList<>();
    for (int i = 0; i < found.getPartitionCount(); i++) {
      partitions.add(new TopicPartition(topic, i));
    }
    assign(partitions);
    assignment.beginAnew(topic, found.getId());
  }

  /** As {@link #assign(Collection)}. */
  public void assign(TopicPartition... partitions) {
    assign(List.of(partitions));
  }

  /**
   * Reads these partitions, and nothing else. Those that were assigned before go on where they
   * stood, new ones begin at {@link Builder#startAt}.
   */
  public void assign(Collection<TopicPartition> partitions) {
    open.drop();
    reader.stop();
    assignment.replace(List.copyOf(partitions));
  }

  /** What is assigned, in the order given. */
  public Set<TopicPartition> assignment() {
    return Collections.unmodifiableSet(assignment.partitions());
  }

  /**
   * Goes on reading from another place. No record of the old place comes after this.
   *
   * @throws IllegalStateException when the partition is not assigned
   */
  public void seek(TopicPartition partition, StartPosition position) {
    Objects.requireNonNull(position, "position");
    open.drop();
    reader.stop();
    assignment.seek(partition, position.start);
  }

  /** As {@link #seek(TopicPartition, StartPosition)} for every assigned partition. */
  public void seekAll(StartPosition position) {
    assignment().forEach(partition -> seek(partition, position));
  }

  /**
   * The next records, copied: they may be kept. Returns as soon as there is one, else empty when
   * the time is over or after {@link #wakeup}. While no broker can be reached it waits for one. An
   * error that stands in the way of the next record is thrown again by each poll until the caller
   * does something about it. A thread that is interrupted does not wait: it gets what has come
   * already, or an empty result, at once, and its interrupt flag stays set.
   *
   * @param timeout longest wait; zero for none
   * @throws OffsetOutOfRangeException when a position is not in the log and no {@link
   *     Builder#offsetReset} is set; seek to go on
   * @throws UnknownTopicException when a topic or partition does not exist or was deleted
   * @throws TopicRecreatedException when a topic was deleted since it is read here, and created
   *     again; {@link #assign(String)} it again, or seek its partitions, to read the new one
   * @throws CorruptBatchException when a batch does not match its checksum; seek behind it to go on
   * @throws BatchTooLargeException when a batch takes more than {@link Builder#maxBatchBytes}; seek
   *     behind it to go on
   * @throws CodecMissingException when a batch comes in a codec whose library is missing
   * @throws ClientClosedException after {@link #close}
   */
  public ConsumerRecords poll(Duration timeout) {
    open.freeViewed();
    long deadline = deadline(timeout);
    List<ConsumerRecord> records = new ArrayList<>();
    try {
      while (records.size() < settings.maxPollRecords()
          && open.await(records.isEmpty() ? deadline : OpenBatch.NOW)) {
        open.copyRecords(records);
      }
    } catch (FunesException e) {
      // What came before it is given out first; the next poll meets the same.
      if (records.isEmpty()) {
        throw e;
      }
    }
    return records.isEmpty()
        ? ConsumerRecords.empty()
        : new ConsumerRecords(Collections.unmodifiableList(records));
  }

  /**
   * The next batches, to be read where they were received. Waits and throws as {@link #poll}.
   *
   * @param timeout longest wait; zero for none
   * @return valid until the consumer is next told to poll, assign, seek or close
   */
  public BatchViews pollBatches(Duration timeout) {
    open.freeViewed();
    open.putBack();
    long deadline = deadline(timeout);
    List<BatchView> views = new ArrayList<>();
    try {
      while (views.isEmpty() && open.await(deadline)) {
        open.viewBatches(views);
      }
    } catch (FunesException e) {
      // As in poll.
      if (views.isEmpty()) {
        throw e;
      }
    }
    return views.isEmpty()
        ? BatchViews.empty()
        : new BatchViews(Collections.unmodifiableList(views));
  }

  /**
   * Lets a {@link #poll} that waits, or else the next one, return at once. May be called by any
   * thread.
   */
  public void wakeup() {
    reader.wakeup();
  }

  /**
   * Offset of the next record that a poll will return. Asks the broker where the position is not
   * known yet.
   *
   * @throws UnavailableException when no broker can be reached within the call timeout
   * @throws IllegalStateException when the partition is not assigned
   */
  public long position(TopicPartition partition) {
    return places.position(partition);
  }

  /**
   * One past the last offset that could be read when the broker last said so; asks it where it has
   * not yet.
   *
   * @throws UnavailableException when no broker can be reached within the call timeout
   * @throws IllegalStateException when the partition is not assigned
   */
  public long highWatermark(TopicPartition partition) {
    return places.highWatermark(partition);
  }

  /** Ends the stream and lets go of threads and connection. May be called more than once. */
  @Override
  public void close() {
    reader.close();
  }

  private long deadline(Duration timeout) {
    long nanos = Math.min(TimeUnit.NANOSECONDS.convert(timeout), Long.MAX_VALUE / 2);
    return settings.ticker().nanos() + nanos;
  }

  /** Settings of a consumer. Not safe for use by several threads. */
  public static final class Builder {
    private ServerList servers = ServerList.LOCAL;
    private boolean direct = true;
    private StartPosition startAt = StartPosition.earliest();
    private OffsetReset offsetReset = OffsetReset.NONE;
    private int maxPollRecords = 5_000;
    private int prefetchBytes = 8 << 20;
    private int maxBatchBytes = 64 << 20;
    private boolean checkCrc = true;
    private String rack = "";
    private Duration callTimeout = Duration.ofSeconds(30);

    private Builder() {}

    /**
     * Where brokers are: {@code host:port}, several with commas between them. They are tried in
     * this order, the next one when one cannot be reached, and from the first again when a
     * connection is lost. The others of their cluster need no mention. Default: {@code
     * 127.0.0.1:1942}.
     *
     * @throws IllegalArgumentException when that is not so written
     */
    public Builder server(String server) {
      servers = ServerList.parse(server);
      return this;
    }

    /**
     * Whether to go to the brokers that lead, at the addresses that they have in their cluster.
     * Default: yes, where they can be reached. Otherwise all comes by way of the servers named
     * here, which pass it on.
     */
    public Builder direct(boolean direct) {
      this.direct = direct;
      return this;
    }

    /**
     * Where to begin in partitions that have not been sought. Default: {@link
     * StartPosition#earliest}.
     */
    public Builder startAt(StartPosition startAt) {
      this.startAt = Objects.requireNonNull(startAt, "startAt");
      return this;
    }

    /** What to do when a position is not in the log. Default: {@link OffsetReset#NONE}. */
    public Builder offsetReset(OffsetReset offsetReset) {
      this.offsetReset = Objects.requireNonNull(offsetReset, "offsetReset");
      return this;
    }

    /** Most records that one {@link Consumer#poll} returns, at least 1. Default: 5,000. */
    public Builder maxPollRecords(int maxPollRecords) {
      Check.argument(maxPollRecords > 0, "maxPollRecords", maxPollRecords, "must be positive");
      this.maxPollRecords = maxPollRecords;
      return this;
    }

    /** Bytes of batches that may be received ahead of polls, 64 KiB to 1 GiB. Default: 8 MiB. */
    public Builder prefetchBytes(int prefetchBytes) {
      Check.argument(
          prefetchBytes >= 64 << 10 && prefetchBytes <= 1 << 30,
          "prefetchBytes",
          prefetchBytes,
          "must be between 65,536 and 1,073,741,824");
      this.prefetchBytes = prefetchBytes;
      return this;
    }

    /**
     * Most bytes that one compressed batch may take decompressed, 1 MiB to 1 GiB: what a batch of a
     * few bytes can make the consumer allocate. Default: 64 MiB, far above what brokers take unless
     * they are told to.
     */
    public Builder maxBatchBytes(int maxBatchBytes) {
      Check.argument(
          maxBatchBytes >= 1 << 20 && maxBatchBytes <= 1 << 30,
          "maxBatchBytes",
          maxBatchBytes,
          "must be between 1,048,576 and 1,073,741,824");
      this.maxBatchBytes = maxBatchBytes;
      return this;
    }

    /** Whether to check each batch's checksum. Default: yes. */
    public Builder checkCrc(boolean checkCrc) {
      this.checkCrc = checkCrc;
      return this;
    }

    /**
     * Where the consumer stands, as brokers say it with their {@code rack}: partitions are read
     * from an in-sync replica there, if there is one, instead of from their leaders. That saves the
     * way between racks; records may come a moment later, and {@link Consumer#highWatermark} may be
     * behind. Default: empty, for the leaders.
     */
    public Builder rack(String rack) {
      this.rack = Objects.requireNonNull(rack, "rack");
      return this;
    }

    /** Longest time of calls other than polls, repetitions included. Default: 30 seconds. */
    public Builder callTimeout(Duration callTimeout) {
      this.callTimeout = Check.positive(callTimeout, "callTimeout");
      return this;
    }

    /** The consumer. It connects when it has to. */
    public Consumer build() {
      return new Consumer(
          servers,
          direct,
          new ReadSettings(
              startAt.start,
              offsetReset,
              maxPollRecords,
              prefetchBytes,
              maxBatchBytes,
              checkCrc,
              rack,
              TimeUnit.NANOSECONDS.convert(callTimeout),
              ReadSettings.SILENCE_MS_MAX,
              Ticker.SYSTEM));
    }
  }
}
