package io.funes.bench.workload;

import io.funes.bench.system.ClusterUnderTest;
import java.io.IOException;
import java.util.List;

/** What befalls a broker, and how it comes back. */
enum Fault {
  LEADER_KILLED("a leader is killed"),
  CONTROLLER_KILLED("the controller is killed"),
  LEADER_PAUSED("a leader hangs"),
  /** From the other brokers; clients still reach it. */
  LEADER_CUT_OFF("a leader is cut off from the other brokers"),
  /** In its orderly way; each broker in turn. */
  RESTARTED("brokers are restarted one by one");

  private final String title;

  Fault(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Whom it befalls the {@code times}th time. */
  int victim(ClusterUnderTest cluster, String topic, int times) throws Exception {
    return switch (this) {
      case LEADER_KILLED, LEADER_PAUSED, LEADER_CUT_OFF -> leader(cluster, topic);
      case CONTROLLER_KILLED -> cluster.controller();
      case RESTARTED -> times % ClusterUnderTest.BROKERS;
    };
  }

  /** Not the controller, so that one thing fails at a time, unless that leads all partitions. */
  private static int leader(ClusterUnderTest cluster, String topic) throws Exception {
    int controller = cluster.controller();
    List<Integer> leaders = cluster.leaders(topic);
    return leaders.stream()
        .filter(leader -> leader != controller)
        .findFirst()
        .orElse(leaders.getFirst());
  }

  void strike(ClusterUnderTest cluster, int victim) throws IOException {
    switch (this) {
      case LEADER_KILLED, CONTROLLER_KILLED -> cluster.broker(victim).kill();
      case LEADER_PAUSED -> cluster.broker(victim).pause();
      case LEADER_CUT_OFF -> cluster.hosts().cutOff(victim);
      case RESTARTED -> cluster.broker(victim).stop();
    }
  }

  void mend(ClusterUnderTest cluster, int victim) throws IOException {
    switch (this) {
      case LEADER_KILLED, CONTROLLER_KILLED, RESTARTED -> cluster.startBroker(victim);
      case LEADER_PAUSED -> cluster.broker(victim).resume();
      case LEADER_CUT_OFF -> cluster.hosts().heal();
    }
  }
}
