package io.funes.bench.workload;

import java.util.List;
import java.util.Set;

/**
 * Something to measure. Starts the broker itself, on an empty folder; whoever runs it closes the
 * log.
 */
public sealed interface Workload permits BrokerWorkload, ClusterWorkload {
  /** As it is named on the command line. */
  String name();

  /** One line for the report. */
  String title();

  /** Systems that can do it. */
  Set<String> systems();

  /** The figures of the report; the first one decides between the settings of a system. */
  List<Headline> headlines();
}
