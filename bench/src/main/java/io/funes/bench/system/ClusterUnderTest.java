package io.funes.bench.system;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A cluster of three brokers, numbered from 0. Topics have three replicas and {@code
 * min.insync.replicas=2} unless it is said otherwise.
 */
public non-sealed interface ClusterUnderTest extends SystemUnderTest {
  int BROKERS = 3;

  /** Makes a topic and returns when all its replicas are in sync. */
  void createTopic(String topic, int partitions, int replicas) throws Exception;

  @Override
  default void createTopic(String topic, int partitions) throws Exception {
    createTopic(topic, partitions, BROKERS);
  }

  /** Leaders of the topic's partitions, -1 where there is none. */
  List<Integer> leaders(String topic) throws Exception;

  /** The broker that decides who leads. */
  int controller() throws Exception;

  /** Whether all replicas of the topic are. */
  boolean allInSync(String topic) throws Exception;

  /** Where its brokers run. */
  Hosts hosts();

  /** Starts one broker, and returns when its port accepts a connection. */
  void startBroker(int number) throws IOException;

  /** Its current process. */
  ServerProcess broker(int number);

  /** Folder of its segments; those of a topic have its name in their path. */
  Path logs(int number);

  /** Size of the newest snapshot of the metadata that the broker has on its disk. */
  long snapshotBytes(int number) throws IOException;
}
