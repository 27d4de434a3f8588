package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import java.util.Optional;

/** What came of a change of one partition. */
public sealed interface PartitionAnswer {
  /** The partition as it is now. */
  record Altered(PartitionImage now) implements PartitionAnswer {}

  /**
   * Nothing changed.
   *
   * @param now the partition, where it exists
   */
  record Refused(ErrorCode reason, Optional<PartitionImage> now) implements PartitionAnswer {}
}
