package io.funes.server.api.produce;

import io.funes.proto.v1.PartitionAppend;
import io.funes.proto.v1.ProduceResponse;
import io.funes.server.common.Refusal;
import io.funes.server.replication.AppendCallback;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Gathers what came of the parts of one request and answers once all are known. Safe for the
 * threads that complete parts.
 */
final class ProduceReply {
  /** Takes the answer to one request. */
  interface Sink {
    void done(long correlationId, ProduceResponse response);

    void refused(long correlationId, Refusal refusal);
  }

  private final long correlationId;
  private final Sink sink;
  private List<PartitionAppend> appends = List.of();
  private Refusal refusal;
  private int missing;

  ProduceReply(long correlationId, Sink sink) {
    this.correlationId = correlationId;
    this.sink = sink;
  }

  void expect(int parts) {
    missing = parts;
  }

  Part to(int partition) {
    return new Part(partition);
  }

  private void complete(PartitionAppend append, Refusal why) {
    boolean last;
    synchronized (this) {
      if (append != null) {
        appends = plus(append);
      } else if (refusal == null) {
        refusal = why;
      }
      last = --missing == 0;
    }
    if (last) {
      answer();
    }
  }

  private List<PartitionAppend> plus(PartitionAppend append) {
    if (appends.isEmpty()) {
      return List.of(append);
    }
    List<PartitionAppend> more = new ArrayList<>(appends);
    more.add(append);
    more.sort(Comparator.comparingInt(PartitionAppend::getPartition));
    return more;
  }

  private void answer() {
    if (refusal != null) {
      sink.refused(correlationId, refusal);
    } else {
      sink.done(correlationId, ProduceResponse.newBuilder().addAllAppends(appends).build());
    }
  }

  /** The records of the request in one partition. */
  final class Part implements AppendCallback {
    private final int partition;

    private Part(int partition) {
      this.partition = partition;
    }

    @Override
    public void appended(
        long baseOffset, long lastOffset, long appendTimeMs, boolean deduplicated) {
      complete(
          PartitionAppend.newBuilder()
              .setPartition(partition)
              .setBaseOffset(baseOffset)
              .setLastOffset(lastOffset)
              .setAppendTimeMs(appendTimeMs)
              .setDeduplicated(deduplicated)
              .build(),
          null);
    }

    @Override
    public void refused(Refusal why) {
      complete(null, why);
    }
  }
}
