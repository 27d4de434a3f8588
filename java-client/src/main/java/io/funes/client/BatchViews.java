package io.funes.client;

import java.util.Iterator;
import java.util.List;

/**
 * What one {@link Consumer#pollBatches} brought: batches in offset order per partition. Valid until
 * the consumer is next told to poll, assign, seek or close.
 */
public final class BatchViews implements Iterable<BatchView> {
  private static final BatchViews EMPTY = new BatchViews(List.of());

  private final List<BatchView> batches;

  BatchViews(List<BatchView> batches) {
    this.batches = batches;
  }

  static BatchViews empty() {
    return EMPTY;
  }

  /** Number of batches. */
  public int count() {
    return batches.size();
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return batches.isEmpty();
  }

  @Override
  public Iterator<BatchView> iterator() {
    return batches.iterator();
  }
}
