package io.funes.cli.cluster;

import io.funes.client.ClusterDescription;
import io.funes.client.ClusterDescription.Broker;
import io.funes.client.ClusterDescription.BrokerState;
import io.funes.client.ClusterDescription.PartitionCounts;
import io.funes.client.ClusterDescription.Problem;
import io.funes.client.ClusterDescription.QuorumMember;
import io.funes.client.ClusterDescription.UnhealthyPartition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How a cluster is shown. */
final class ClusterText {
  private ClusterText() {}

  static Map<String, Object> fields(ClusterDescription cluster) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("cluster_id", cluster.clusterId());
    fields.put(
        "controller",
        cluster.controllerId().isPresent() ? cluster.controllerId().getAsInt() : null);
    fields.put("brokers", cluster.brokers().stream().map(ClusterText::fields).toList());
    fields.put("quorum", cluster.quorum().stream().map(ClusterText::fields).toList());
    PartitionCounts counts = cluster.partitions();
    fields.put("partition_count", counts.total());
    fields.put("under_replicated", counts.underReplicated());
    fields.put("under_min_in_sync", counts.underMinInSync());
    fields.put("offline", counts.offline());
    fields.put("reassigning", counts.reassigning());
    fields.put("unhealthy", cluster.unhealthy().stream().map(ClusterText::fields).toList());
    return fields;
  }

  private static Map<String, Object> fields(Broker broker) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("broker", broker.id());
    fields.put("state", state(broker.state()));
    fields.put("address", broker.address());
    fields.put("internal_address", broker.internalAddress());
    fields.put("rack", broker.rack());
    fields.put("epoch", broker.epoch());
    fields.put("replicas", broker.replicaCount());
    fields.put("leads", broker.leaderCount());
    fields.put("should_lead", broker.preferredLeaderCount());
    return fields;
  }

  private static Map<String, Object> fields(QuorumMember member) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("broker", member.brokerId());
    fields.put("address", member.address());
    fields.put("voter", member.voter());
    fields.put("lag", member.lag().isPresent() ? member.lag().getAsLong() : null);
    return fields;
  }

  private static Map<String, Object> fields(UnhealthyPartition unhealthy) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("topic", unhealthy.topic());
    fields.put("partition", unhealthy.partition().partition());
    fields.put("leader", unhealthy.partition().leaderId());
    fields.put("replicas", unhealthy.partition().replicaIds());
    fields.put("in_sync", unhealthy.partition().inSyncReplicaIds());
    fields.put("min_in_sync", unhealthy.minInSyncReplicas());
    fields.put(
        "problems", unhealthy.problems().stream().sorted().map(ClusterText::problem).toList());
    return fields;
  }

  /** "4: 3 up, 1 fenced". */
  static String states(ClusterDescription cluster) {
    Map<BrokerState, Integer> counts = new TreeMap<>();
    cluster.brokers().forEach(broker -> counts.merge(broker.state(), 1, Integer::sum));
    return cluster.brokers().size()
        + ": "
        + counts.entrySet().stream()
            .map(count -> count.getValue() + " " + state(count.getKey()))
            .collect(Collectors.joining(", "));
  }

  /** "120: all in order", or "120: 3 under-replicated, 1 offline". */
  static String summary(PartitionCounts counts) {
    List<String> parts = new ArrayList<>();
    add(parts, counts.underReplicated(), problem(Problem.UNDER_REPLICATED));
    add(parts, counts.underMinInSync(), problem(Problem.UNDER_MIN_IN_SYNC));
    add(parts, counts.offline(), problem(Problem.OFFLINE));
    if (parts.isEmpty()) {
      parts.add("all in order");
    }
    add(parts, counts.reassigning(), "moving");
    return counts.total() + ": " + String.join(", ", parts);
  }

  private static void add(List<String> parts, int count, String what) {
    if (count > 0) {
      parts.add(count + " " + what);
    }
  }

  static String state(BrokerState state) {
    return lower(state.name());
  }

  static String problem(Problem problem) {
    return lower(problem.name());
  }

  private static String lower(String constant) {
    return constant.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** What a member is to the metadata log. */
  static String role(QuorumMember member, ClusterDescription cluster) {
    if (cluster.controllerId().orElse(-1) == member.brokerId()) {
      return "leader";
    }
    return member.voter() ? "voter" : "listener";
  }

  static String lag(QuorumMember member) {
    return member == null || member.lag().isEmpty()
        ? "-"
        : String.valueOf(member.lag().getAsLong());
  }

  static String orDash(String text) {
    return text.isEmpty() ? "-" : text;
  }

  static String ids(List<Integer> brokers) {
    return brokers.isEmpty()
        ? "none"
        : brokers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
