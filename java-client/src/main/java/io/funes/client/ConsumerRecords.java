package io.funes.client;

import java.util.Iterator;
import java.util.List;

/** What one {@link Consumer#poll} brought: records in offset order per partition. Immutable. */
public final class ConsumerRecords implements Iterable<ConsumerRecord> {
  private static final ConsumerRecords EMPTY = new ConsumerRecords(List.of());

  private final List<ConsumerRecord> records;

  ConsumerRecords(List<ConsumerRecord> records) {
    this.records = records;
  }

  static ConsumerRecords empty() {
    return EMPTY;
  }

  /** Number of records. */
  public int count() {
    return records.size();
  }

  /** Whether there is none. */
  public boolean isEmpty() {
    return records.isEmpty();
  }

  /** All of them; cannot be changed. */
  public List<ConsumerRecord> asList() {
    return records;
  }

  @Override
  public Iterator<ConsumerRecord> iterator() {
    return records.iterator();
  }
}
