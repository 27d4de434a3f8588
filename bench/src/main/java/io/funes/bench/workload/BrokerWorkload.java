package io.funes.bench.workload;

import io.funes.bench.system.LogUnderTest;

/** With one broker. */
public sealed interface BrokerWorkload extends Workload
    permits Consume, Latency, ManyPartitions, Produce, Startup, UnaryProduce {
  /** Runs it. Figures beside the headlines go to the results file only. */
  Figures run(LogUnderTest log, Pace pace) throws Exception;
}
