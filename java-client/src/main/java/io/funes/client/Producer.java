package io.funes.client;

import io.funes.client.internal.cluster.Cluster;
import io.funes.client.internal.produce.ConditionalAppends;
import io.funes.client.internal.produce.PartitionQueue;
import io.funes.client.internal.produce.ProduceSender;
import io.funes.client.internal.produce.ProduceSettings;
import io.funes.client.internal.produce.ProduceTopic;
import io.funes.client.internal.produce.SendFuture;
import io.funes.client.internal.record.Codecs;
import io.funes.client.internal.record.RecordEncoder;
import io.funes.client.internal.transport.Connection;
import io.funes.client.internal.transport.ServerList;
import io.funes.client.internal.transport.Ticker;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Sends records. Safe for use by several threads; one producer per process is usually best.
 *
 * <p>A record is encoded into the open batch of its partition before {@link #send} returns. With
 * {@code lingerMs} 0 a batch leaves at once while the wire is idle, and otherwise when it is full
 * or an answer comes back, so batches grow with the load by themselves. Records of a partition are
 * written in the order in which they were sent, and exactly once as long as this producer lives
 * (with {@link Acks#NONE}: at most once while connections hold). Failed batches are sent again
 * until the delivery timeout is over; after that their records fail with {@link
 * DeliveryTimeoutException}, and the producer goes on with the next ones. No error ends a producer.
 *
 * <p>Without a partition of its own a record goes by its key, as in Kafka (murmur2 of the key
 * bytes, sign bit cleared, modulo partition count), and without a key to the partition of the
 * current batch, which changes with every batch.
 */
public final class Producer implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  /** Below the 4 MiB that brokers accept as one message, the envelope included. */
  private static final int RECORD_BYTES_MAX = (4 << 20) - (1 << 10);

  private final ProduceSettings settings;
  private final long maxBlockNanos;
  private final Connection connection;
  private final ProduceSender sender;
  private final ConditionalAppends conditional;
  private volatile boolean closed;

  /** The topic of the last record: most records have the same one. */
  private volatile ProduceTopic lastTopic;

  private Producer(Builder builder) {
    settings = builder.settings();
    maxBlockNanos = TimeUnit.NANOSECONDS.convert(settings.maxBlock());
    connection = new Connection(builder.servers, "producer-" + COUNT.incrementAndGet());
    sender = new ProduceSender(settings, connection, new Cluster(connection, builder.direct));
    conditional = new ConditionalAppends(settings, connection);
  }

  /** Begins a producer with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Sends a record; the future hears what became of it. Blocks while the buffer is full or the
   * topic is not known yet, at most for {@code maxBlock}.
   *
   * @return completed on the client's I/O thread with the record's position, or with a {@link
   *     FunesException}: {@link DeliveryTimeoutException}, {@link RecordRefusedException}, {@link
   *     UnknownTopicException}, {@link ClientClosedException} or another by its reason
   * @throws UnknownTopicException when there is no such topic or partition
   * @throws RecordRefusedException when the record is larger than a request may be (about 4 MB)
   * @throws BufferFullException when there was no room in time, or the thread was interrupted while
   *     it waited for some; its interrupt flag is then set
   * @throws UnavailableException when the topic could not be looked up in time
   * @throws ClientClosedException after {@link #close}
   */
  public CompletableFuture<RecordPosition> send(ProducerRecord record) {
    SendFuture future = new SendFuture();
    send(record, future);
    return future;
  }

  /**
   * Sends a record and makes no future: the fastest form, above all with one callback object for
   * many records. Blocks and throws as {@link #send(ProducerRecord)}.
   *
   * @param callback hears what became of the record; null when nobody needs to
   */
  public void send(ProducerRecord record, SendCallback callback) {
    long size = RecordEncoder.size(record);
    if (closed || size > RECORD_BYTES_MAX) {
      throw refusal(size);
    }
    ProduceTopic topic = lastTopic;
    if (topic == null || !topic.name().equals(record.topic()) || topic.isGone()) {
      topic = sender.topics().find(record.topic(), maxBlockNanos);
      lastTopic = topic;
    }
    PartitionQueue queue = topic.choose(record);
    if (queue == null) {
      queue = sender.topics().newPartition(topic, record, maxBlockNanos);
    }
    queue.append(record, (int) size, callback, maxBlockNanos);
  }

  /**
   * Appends a record only if it would get this offset, and waits for the answer. Of several writers
   * that have read up to the same place, one wins; the others hear where the log ends, read on and
   * decide anew.
   *
   * <p>The record goes at once and alone, not in a batch and not behind what {@link #send} has
   * buffered: {@link #flush} first where both write to a partition. Calls for one partition go one
   * after the other. The call is repeated until the delivery timeout is over, and a repetition
   * never appends twice. With {@link Acks#NONE} it is acknowledged as with {@link Acks#LEADER}.
   *
   * @param record names its partition
   * @param expectedOffset the log's end as far as the caller knows, 0 for an empty partition
   * @return where the record is
   * @throws OffsetMismatchException when the log's end is elsewhere; nothing was written
   * @throws DeliveryTimeoutException when no answer came in time; read the partition to learn
   *     whether the record was written
   * @throws UnknownTopicException when there is no such topic or partition
   * @throws RecordRefusedException when the record is too large or otherwise not taken
   * @throws LimitReachedException when the broker's disk was full until the end of the timeout
   * @throws ClientClosedException after {@link #close}
   * @throws IllegalArgumentException when the record names no partition or the offset is negative
   * @throws IllegalStateException in a callback, where nothing must wait
   */
  public RecordPosition appendAt(ProducerRecord record, long expectedOffset) {
    Check.argument(record.partition() >= 0, "partition", "none", "must be given");
    Check.argument(expectedOffset >= 0, "expectedOffset", expectedOffset, "must not be negative");
    if (connection.onIoThread()) {
      throw new IllegalStateException("appendAt waits, which a callback must not");
    }
    long size = RecordEncoder.size(record);
    if (closed || size > RECORD_BYTES_MAX) {
      throw refusal(size);
    }
    return conditional.append(record, expectedOffset);
  }

  /**
   * Sends what is buffered and waits until every record sent before this call has been acknowledged
   * or has failed.
   *
   * @throws CallTimeoutException when the thread is interrupted; its interrupt flag is then set
   */
  public void flush() {
    sender.sealAll();
    awaitPending(Long.MAX_VALUE);
  }

  /** As {@link #close(Duration)} with the delivery timeout. */
  @Override
  public void close() {
    close(settings.deliveryTimeout());
  }

  /**
   * Refuses new records, sends what is buffered, waits for the answers, and then lets go of threads
   * and connection. Records without an answer by then fail with {@link ClientClosedException}. May
   * be called more than once.
   *
   * @param timeout longest wait; zero for none
   */
  public void close(Duration timeout) {
    Objects.requireNonNull(timeout, "timeout");
    if (closed) {
      return;
    }
    closed = true;
    sender.sealAll();
    try {
      awaitPending(TimeUnit.NANOSECONDS.convert(timeout));
    } finally {
      sender.close();
    }
  }

  private FunesException refusal(long size) {
    if (closed) {
      return Connection.closed(null);
    }
    String message =
        "a record of " + size + " bytes; at most " + RECORD_BYTES_MAX + " are possible";
    return new RecordRefusedException(Failure.of(ErrorReason.RECORD_TOO_LARGE, message));
  }

  /**
   * Waits for all batches there are now; every one of them ends, at the latest by its delivery
   * timeout.
   */
  private void awaitPending(long timeoutNanos) {
    List<CompletableFuture<Void>> pending = new ArrayList<>();
    for (PartitionQueue queue : sender.queues()) {
      pending.addAll(queue.pending());
    }
    try {
      CompletableFuture.allOf(pending.toArray(new CompletableFuture<?>[0]))
          .get(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      // The rest is failed by whoever waits no longer.
    } catch (ExecutionException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CallTimeoutException(
          new Failure(ErrorReason.DEADLINE_PASSED, "interrupted", true, e));
    }
  }

  /** Settings of a producer. Not safe for use by several threads. */
  public static final class Builder {
    private ServerList servers = ServerList.LOCAL;
    private boolean direct = true;
    private Acks acks = Acks.ALL;
    private int batchBytes = 256 << 10;
    private int lingerMs;
    private Compression compression = Compression.NONE;
    private Duration deliveryTimeout = Duration.ofMinutes(2);
    private Duration maxBlock;
    private long bufferBytes = 64 << 20;

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
     * Default: yes, where they can be reached. Otherwise all goes by way of the servers named here,
     * which pass it on.
     */
    public Builder direct(boolean direct) {
      this.direct = direct;
      return this;
    }

    /** When the broker acknowledges. Default: {@link Acks#ALL}. */
    public Builder acks(Acks acks) {
      this.acks = Objects.requireNonNull(acks, "acks");
      return this;
    }

    /**
     * Size at which a batch is full, in bytes, 1 KiB to 3 MiB. Default: 256 KiB. A larger record
     * gets a batch of its own.
     */
    public Builder batchBytes(int batchBytes) {
      Check.argument(
          batchBytes >= 1 << 10 && batchBytes <= 3 << 20,
          "batchBytes",
          batchBytes,
          "must be between 1,024 and 3,145,728");
      this.batchBytes = batchBytes;
      return this;
    }

    /**
     * How long a batch waits for more records when the wire is idle, in milliseconds, 0 to 60,000.
     * Default: 0. With another value a batch waits so long even when answers come back earlier.
     */
    public Builder lingerMs(int lingerMs) {
      Check.argument(
          lingerMs >= 0 && lingerMs <= 60_000, "lingerMs", lingerMs, "must be 0 to 60,000");
      this.lingerMs = lingerMs;
      return this;
    }

    /** Default: {@link Compression#NONE}. */
    public Builder compression(Compression compression) {
      this.compression = Objects.requireNonNull(compression, "compression");
      return this;
    }

    /**
     * Longest time from the first record of a batch to its answer, repetitions included. Default: 2
     * minutes. It is checked about every eighth of it, at least every second.
     */
    public Builder deliveryTimeout(Duration deliveryTimeout) {
      this.deliveryTimeout = Check.positive(deliveryTimeout, "deliveryTimeout");
      return this;
    }

    /** Longest time that {@link Producer#send} may block. Default: the delivery timeout. */
    public Builder maxBlock(Duration maxBlock) {
      this.maxBlock = Check.positive(maxBlock, "maxBlock");
      return this;
    }

    /**
     * Memory for batches that are open, waiting or under way, in bytes; at least 4 MiB and 4
     * batches. Default: 64 MiB.
     */
    public Builder bufferBytes(long bufferBytes) {
      Check.argument(bufferBytes >= 4 << 20, "bufferBytes", bufferBytes, "must be 4 MiB or more");
      this.bufferBytes = bufferBytes;
      return this;
    }

    /**
     * The producer. It connects at the first record.
     *
     * @throws IllegalArgumentException when bufferBytes is less than 4 times batchBytes
     * @throws CodecMissingException when the codec's library is not on the class path
     */
    public Producer build() {
      Check.argument(
          bufferBytes >= 4L * batchBytes, "bufferBytes", bufferBytes, "must be 4 batches or more");
      if (compression != Compression.NONE) {
        Codecs.require(compression);
      }
      return new Producer(this);
    }

    private ProduceSettings settings() {
      return new ProduceSettings(
          acks,
          batchBytes,
          lingerMs,
          compression,
          deliveryTimeout,
          maxBlock == null ? deliveryTimeout : maxBlock,
          bufferBytes,
          Ticker.SYSTEM);
    }
  }
}
