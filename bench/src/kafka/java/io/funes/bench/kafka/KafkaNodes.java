package io.funes.bench.kafka;

import io.funes.bench.system.Hosts;
import io.funes.bench.system.ServerProcess;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;

/** Who is in a cluster, numbered from 0: each is broker and controller. */
record KafkaNodes(
    String clusterId, Hosts hosts, List<Integer> ports, List<Integer> controllerPorts) {
  static KafkaNodes of(int count, Hosts hosts) {
    return new KafkaNodes(Uuid.randomUuid().toString(), hosts, freePorts(count), freePorts(count));
  }

  private static List<Integer> freePorts(int count) {
    return Stream.generate(ServerProcess::freePort).limit(count).toList();
  }

  String address(int number) {
    return hosts.address(number) + ":" + ports.get(number);
  }

  private String controllerAddress(int number) {
    return hosts.address(number) + ":" + controllerPorts.get(number);
  }

  /** For clients. */
  String addresses() {
    return IntStream.range(0, ports.size())
        .mapToObj(this::address)
        .collect(Collectors.joining(","));
  }

  /** The last of several lines with the same key counts. */
  String properties(int number) {
    String voters =
        IntStream.range(0, ports.size())
            .mapToObj(voter -> voter + "@" + controllerAddress(voter))
            .collect(Collectors.joining(","));
    return """
    process.roles=broker,controller
    node.id=%1$d
    listeners=PLAINTEXT://%2$s,CONTROLLER://%3$s
    controller.listener.names=CONTROLLER
    controller.quorum.voters=%4$s
    auto.create.topics.enable=false
    offsets.topic.replication.factor=%5$d
    transaction.state.log.replication.factor=%5$d
    transaction.state.log.min.isr=1
    # The defaults leave deleted files for a minute, and so in the page cache.
    log.segment.delete.delay.ms=0
    log.initial.task.delay.ms=500
    """
        .formatted(number, address(number), controllerAddress(number), voters, ports.size());
  }
}
