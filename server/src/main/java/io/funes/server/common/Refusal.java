package io.funes.server.common;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A refused call: the reason, a sentence that says what to do next, the variable parts of that
 * sentence by name, and what the reason's detail message needs.
 */
public record Refusal(
    ErrorCode code, String message, Map<String, String> metadata, Optional<Detail> detail) {

  /** What some reasons add for programs to act on. */
  public sealed interface Detail {
    record OffsetRange(long logStartOffset, long highWatermark) implements Detail {}

    record SequenceGap(int expectedSequence, int sequence) implements Detail {}

    record ProducerFenced(int currentEpoch) implements Detail {}

    record OffsetMismatch(long logEndOffset) implements Detail {}

    /** The request field at fault, as its path in the proto. */
    record BadField(String field) implements Detail {}
  }

  public Refusal {
    metadata = Map.copyOf(metadata);
  }

  public static Refusal of(ErrorCode code, String message) {
    return new Refusal(code, message, Map.of(), Optional.empty());
  }

  public Refusal with(String name, Object value) {
    Map<String, String> more = new LinkedHashMap<>(metadata);
    more.put(name, String.valueOf(value));
    return new Refusal(code, message, more, detail);
  }

  public Refusal with(Detail newDetail) {
    return new Refusal(code, message, metadata, Optional.of(newDetail));
  }

  /** Names the request field at fault. */
  public Refusal field(String path) {
    return with("field", path).with(new Detail.BadField(path));
  }

  public RefusedException exception() {
    return new RefusedException(this);
  }
}
