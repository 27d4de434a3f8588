package io.funes.bench.funes;

import io.funes.bench.system.Acknowledgements;
import io.funes.bench.system.RecordSender;
import io.funes.client.Producer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A producer for each broker that leads a partition of the topic, while no leader changes. Where
 * any partition will do it fills one for a while, as a producer does.
 */
final class LeadersSender implements RecordSender {
  /** About the size of a batch. */
  private static final int BYTES_IN_A_ROW = 256 << 10;

  private final Map<String, FunesSender> senders = new HashMap<>();
  private final List<String> servers;
  private int partition;
  private int bytes;

  /** Of the leader of each partition. */
  LeadersSender(List<String> servers, String topic, Acknowledgements acknowledgements) {
    this.servers = servers;
    for (String server : servers) {
      senders.computeIfAbsent(
          server,
          _ -> new FunesSender(Producer.builder().server(server).build(), topic, acknowledgements));
    }
  }

  @Override
  public void send(int wanted, byte[] value) {
    int chosen = wanted == ANY_PARTITION ? anyPartition(value.length) : wanted;
    senders.get(servers.get(chosen)).send(chosen, value);
  }

  private int anyPartition(int valueBytes) {
    bytes += valueBytes;
    if (bytes > BYTES_IN_A_ROW) {
      bytes = 0;
      partition = (partition + 1) % servers.size();
    }
    return partition;
  }

  @Override
  public void flush() {
    senders.values().forEach(FunesSender::flush);
  }

  @Override
  public void close() {
    senders.values().forEach(FunesSender::close);
  }
}
