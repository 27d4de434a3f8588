package io.funes.server.replication;

import io.funes.server.metrics.Metrics;
import io.funes.server.metrics.Metrics.Counter;

/** What goes in and out of all partitions together. */
public record PartitionMetrics(
    Counter appendedRecords, Counter appendedBytes, Counter duplicateBatches, Counter readBytes) {
  public static PartitionMetrics in(Metrics metrics) {
    return new PartitionMetrics(
        metrics.counter("funes_appended_records_total", "Records appended."),
        metrics.counter("funes_appended_bytes_total", "Bytes of batches appended."),
        metrics.counter(
            "funes_duplicate_batches_total", "Batches sent again and not appended again."),
        metrics.counter("funes_read_bytes_total", "Bytes of batches read for consumers."));
  }
}
