package io.funes.client;

import io.funes.client.internal.transport.ClusterCalls;
import io.funes.client.internal.transport.Connection;
import io.funes.client.internal.transport.Moves;
import io.funes.client.internal.transport.ServerList;
import io.funes.client.internal.transport.Topics;
import io.funes.proto.v1.CreateTopicRequest;
import io.funes.proto.v1.DeleteTopicRequest;
import io.funes.proto.v1.DeleteTopicResponse;
import io.funes.proto.v1.ListTopicsRequest;
import io.funes.proto.v1.ListTopicsResponse;
import io.funes.proto.v1.TopicServiceGrpc;
import io.funes.proto.v1.TopicStart;
import io.funes.proto.v1.UpdateTopicRequest;
import io.grpc.MethodDescriptor;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Topics, offsets and the cluster. Safe for use by several threads; every call waits for the
 * answer. Calls are repeated within their timeout while the broker is unavailable, except where a
 * repetition could be misread: then the answer of the repetition (such as {@link
 * TopicExistsException} for a topic that the first try created) is what the caller gets.
 *
 * <p>Every call throws {@link UnavailableException} when no broker can be reached within the
 * timeout, {@link CallTimeoutException} when the answer does not come in time, and {@link
 * ClientClosedException} after {@link #close}.
 */
public final class Admin implements AutoCloseable {
  private static final AtomicInteger COUNT = new AtomicInteger();

  private static final int PAGE_SIZE = 1_000;

  private final Connection connection;
  private final long timeoutNanos;

  private Admin(Builder builder) {
    connection = new Connection(builder.servers, "admin-" + COUNT.incrementAndGet());
    timeoutNanos = TimeUnit.NANOSECONDS.convert(builder.timeout);
  }

  /** Begins an admin with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Creates a topic; when this returns it can be produced to and read.
   *
   * @return the topic as created
   * @throws TopicExistsException when there is one of this name
   * @throws InvalidRequestException when name, counts or configs are not valid
   * @throws LimitReachedException when the broker cannot hold so many partitions
   */
  public TopicDescription createTopic(NewTopic topic) {
    CreateTopicRequest request =
        CreateTopicRequest.newBuilder()
            .setName(topic.name)
            .setPartitionCount(topic.partitions)
            .setReplicationFactor(topic.replicas)
            .putAllConfigs(topic.configs)
            .setValidateOnly(topic.validateOnly)
            .build();
    return Topics.describe(call(TopicServiceGrpc.getCreateTopicMethod(), request).getTopic());
  }

  /**
   * Describes a topic.
   *
   * @throws UnknownTopicException when there is none of this name
   */
  public TopicDescription topic(String name) {
    return Topics.describe(Topics.get(connection, name, timeoutNanos));
  }

  /**
   * All topics by name, internal ones left out. The descriptions have no partitions and no
   * effective configs.
   */
  public List<TopicDescription> topics() {
    return topics("");
  }

  /**
   * Topics whose name begins with this prefix, as {@link #topics()}; with a prefix that begins with
   * {@code __}, internal ones too.
   */
  public List<TopicDescription> topics(String prefix) {
    List<TopicDescription> topics = new ArrayList<>();
    ListTopicsRequest.Builder request =
        ListTopicsRequest.newBuilder()
            .setPageSize(PAGE_SIZE)
            .setNamePrefix(prefix)
            .setIncludeInternal(prefix.startsWith("__"));
    ListTopicsResponse page;
    do {
      page = call(TopicServiceGrpc.getListTopicsMethod(), request.build());
      page.getTopicsList().forEach(topic -> topics.add(Topics.describe(topic)));
      request.setPageToken(page.getNextPageToken());
    } while (!page.getNextPageToken().isEmpty());
    return List.copyOf(topics);
  }

  /**
   * Changes a topic.
   *
   * @return the topic as it is now
   * @throws UnknownTopicException when there is none of this name, or its id is another than the
   *     change expects
   * @throws InvalidRequestException when a count or config is not valid
   */
  public TopicDescription updateTopic(TopicChange change) {
    UpdateTopicRequest.Builder request =
        UpdateTopicRequest.newBuilder()
            .setName(change.name)
            .setTopicId(change.id)
            .putAllConfigs(change.configs)
            .addAllResetConfigs(change.resetConfigs)
            .setValidateOnly(change.validateOnly);
    if (change.partitions > 0) {
      request.setPartitionCount(change.partitions);
    }
    return Topics.describe(
        call(TopicServiceGrpc.getUpdateTopicMethod(), request.build()).getTopic());
  }

  /**
   * Deletes a topic and its records.
   *
   * @throws UnknownTopicException when there is none of this name
   * @throws AccessDeniedException when it belongs to the brokers
   */
  public void deleteTopic(String name) {
    DeleteTopicRequest request = DeleteTopicRequest.newBuilder().setName(name).build();
    DeleteTopicResponse unused = call(TopicServiceGrpc.getDeleteTopicMethod(), request);
  }

  /**
   * Offsets of all partitions of a topic, by partition number.
   *
   * @param position the place whose offset is asked for
   * @throws UnknownTopicException when there is no such topic
   */
  public Map<Integer, PartitionOffsets> offsets(String topic, StartPosition position) {
    TopicStart start = TopicStart.newBuilder().setTopic(topic).setStart(position.start).build();
    Map<Integer, PartitionOffsets> offsets = new TreeMap<>();
    Topics.offsets(connection, List.of(start), timeoutNanos)
        .forEach(found -> offsets.put(found.topicPartition().partition(), found));
    return Collections.unmodifiableMap(offsets);
  }

  /**
   * The brokers, who keeps the metadata, and the partitions that need attention.
   *
   * @param unhealthyMax most partitions to list; all are counted
   */
  public ClusterDescription cluster(int unhealthyMax) {
    return new ClusterCalls(connection, timeoutNanos).describe(unhealthyMax);
  }

  /** Every partition of every topic, internal ones too, by topic and number. */
  public Map<TopicPartition, PartitionDescription> partitions() {
    return Collections.unmodifiableMap(moves().partitions());
  }

  /** The partitions that are on their way to other brokers, by topic and number. */
  public List<Reassignment> reassignments() {
    return moves().underWay();
  }

  /** The replicas on the one broker that answers, which is the first of the servers if it is up. */
  public List<ReplicaDescription> replicas() {
    return moves().replicas();
  }

  /**
   * Begins to move a partition: new replicas copy, and when all of them are in sync, those that are
   * not named here are deleted. The same brokers in another order only change who is preferred to
   * lead.
   *
   * @param replicaIds all brokers that shall hold it, preferred leader first
   * @return the move as it is now, perhaps complete
   * @throws UnknownTopicException when there is no such partition
   * @throws InvalidRequestException when a broker is named twice, or none is; with reason {@link
   *     ErrorReason#UNKNOWN_BROKER} or, where one that shall get a copy is down, {@link
   *     ErrorReason#INELIGIBLE_REPLICA}
   * @throws LimitReachedException when a broker cannot hold so many partitions
   */
  public Reassignment reassign(TopicPartition partition, List<Integer> replicaIds) {
    return moves().move(partition, replicaIds);
  }

  /**
   * Takes the move of a partition back: the new replicas go, and the former ones stay.
   *
   * @throws UnknownTopicException when there is no such partition
   * @throws InvalidRequestException with reason {@link ErrorReason#INELIGIBLE_REPLICA} when none of
   *     the former ones has all committed records
   */
  public Reassignment cancelReassignment(TopicPartition partition) {
    return moves().cancel(partition);
  }

  /**
   * Makes the first replica the leader wherever it is in sync. Where it is not, or the partition
   * does not exist, its result says so.
   *
   * @param partitions none for all that others lead, at most 1,000 at a time
   * @return of each partition; its failure has reason {@link ErrorReason#INELIGIBLE_REPLICA} where
   *     the first replica may not lead now
   */
  public List<LeaderElection> electPreferredLeaders(Collection<TopicPartition> partitions) {
    return moves().elect(partitions, false);
  }

  /**
   * Gives a leader to partitions that have none, whoever is up. <b>Acknowledged records may be
   * lost</b>: those that the new leader has not got.
   */
  public List<LeaderElection> electUncleanLeaders(Collection<TopicPartition> partitions) {
    return moves().elect(partitions, true);
  }

  /**
   * Forgets a broker that is gone for good. It must be down and hold no replica.
   *
   * @throws InvalidRequestException with reason {@link ErrorReason#UNKNOWN_BROKER}, {@link
   *     ErrorReason#BROKER_IN_USE}, or {@link ErrorReason#STALE_BROKER_EPOCH} where it was started
   *     meanwhile
   */
  public void removeBroker(int brokerId) {
    moves().removeBroker(brokerId);
  }

  private Moves moves() {
    return new Moves(connection, timeoutNanos);
  }

  /** Closes the connection. Calls under way fail. May be called more than once. */
  @Override
  public void close() {
    connection.close();
  }

  private <Q, A> A call(MethodDescriptor<Q, A> method, Q request) {
    return connection.call(method, request, timeoutNanos);
  }

  /** Settings of an admin. Not safe for use by several threads. */
  public static final class Builder {
    private ServerList servers = ServerList.LOCAL;
    private Duration timeout = Duration.ofSeconds(30);

    private Builder() {}

    /**
     * Where brokers are: {@code host:port}, several with commas between them. They are tried in
     * this order, the next one when one cannot be reached, and from the first again when a
     * connection is lost. Default: {@code 127.0.0.1:1942}.
     *
     * @throws IllegalArgumentException when that is not so written
     */
    public Builder server(String server) {
      servers = ServerList.parse(server);
      return this;
    }

    /** Longest time of a call, repetitions included. Default: 30 seconds. */
    public Builder timeout(Duration timeout) {
      this.timeout = Check.positive(timeout, "timeout");
      return this;
    }

    /** The admin. It connects at the first call. */
    public Admin build() {
      return new Admin(this);
    }
  }
}
