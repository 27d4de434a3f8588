package io.funes.cli.topic;

import io.funes.cli.terminal.ConnectionOptions;
import io.funes.cli.terminal.ExitCode;
import io.funes.cli.terminal.Invocation;
import io.funes.cli.terminal.Output;
import io.funes.cli.terminal.TextTable;
import io.funes.client.Admin;
import io.funes.client.PartitionDescription;
import io.funes.client.PartitionOffsets;
import io.funes.client.StartPosition;
import io.funes.client.TopicDescription;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one topic with its partitions. */
@Command(
    name = "describe",
    description = "Show a topic: its configs, and leader, replicas and offsets of each partition.",
    abbreviateSynopsis = true,
    sortOptions = false)
final class TopicDescribeCommand implements Callable<Integer> {
  private final Invocation invocation;

  @Parameters(paramLabel = "NAME", description = "Topic name.")
  private String name;

  @Option(names = "--all-configs", description = "Show the configs left at their default as well.")
  private boolean allConfigs;

  @Mixin private ConnectionOptions connection;

  TopicDescribeCommand(Invocation invocation) {
    this.invocation = invocation;
  }

  @Override
  public Integer call() {
    try (Admin admin = connection.admin(invocation)) {
      TopicDescription topic = admin.topic(name);
      Map<Integer, PartitionOffsets> offsets = admin.offsets(name, StartPosition.latest());
      if (invocation.json()) {
        invocation.out().json(fields(topic, offsets));
      } else {
        print(topic, offsets);
      }
      return ExitCode.OK;
    }
  }

  private void print(TopicDescription topic, Map<Integer, PartitionOffsets> offsets) {
    Output out = invocation.out();
    out.line("topic       " + topic.name());
    out.line("id          " + topic.id());
    out.line("created     " + topic.createTime());
    out.line("partitions  " + topic.partitionCount());
    out.line("replicas    " + topic.replicationFactor());
    out.line("records     " + offsets.values().stream().mapToLong(o -> records(o)).sum());
    String label = "configs     ";
    for (Map.Entry<String, String> config : shownConfigs(topic).entrySet()) {
      out.line(label + config.getKey() + "=" + config.getValue());
      label = " ".repeat(label.length());
    }
    out.line("");
    TextTable table =
        new TextTable("PARTITION", "LEADER", "REPLICAS", "IN-SYNC", "START", "END", "RECORDS");
    for (PartitionDescription partition : topic.partitions()) {
      PartitionOffsets at = offsets.get(partition.partition());
      table.row(
          partition.partition(),
          partition.leaderId() < 0 ? "none" : partition.leaderId(),
          ids(partition.replicaIds()),
          ids(partition.inSyncReplicaIds()),
          at == null ? "-" : at.logStartOffset(),
          at == null ? "-" : at.highWatermark(),
          at == null ? "-" : records(at));
    }
    table.lines().forEach(out::line);
  }

  private Map<String, Object> fields(
      TopicDescription topic, Map<Integer, PartitionOffsets> offsets) {
    Map<String, Object> fields = TopicText.fields(topic);
    if (allConfigs) {
      fields.put("effective_configs", shownConfigs(topic));
    }
    List<Map<String, Object>> partitions = new ArrayList<>();
    for (PartitionDescription partition : topic.partitions()) {
      Map<String, Object> row = new LinkedHashMap<>();
      row.put("partition", partition.partition());
      row.put("leader", partition.leaderId());
      row.put("leader_epoch", partition.leaderEpoch());
      row.put("replicas", partition.replicaIds());
      row.put("in_sync", partition.inSyncReplicaIds());
      PartitionOffsets at = offsets.get(partition.partition());
      if (at != null) {
        row.put("log_start_offset", at.logStartOffset());
        row.put("high_watermark", at.highWatermark());
      }
      partitions.add(row);
    }
    fields.put("partitions", partitions);
    return fields;
  }

  private Map<String, String> shownConfigs(TopicDescription topic) {
    return new TreeMap<>(allConfigs ? topic.effectiveConfigs() : topic.configs());
  }

  private static long records(PartitionOffsets offsets) {
    return offsets.highWatermark() - offsets.logStartOffset();
  }

  private static String ids(List<Integer> brokers) {
    return brokers.stream().map(String::valueOf).collect(Collectors.joining(","));
  }
}
