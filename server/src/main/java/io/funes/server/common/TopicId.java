package io.funes.server.common;

import java.util.UUID;

/** Identity of a topic: one deleted and created again under the same name has another. */
public record TopicId(UUID value) {
  public static TopicId parse(String text) {
    try {
      return new TopicId(UUID.fromString(text));
    } catch (IllegalArgumentException e) {
      throw new RefusedException(
          Refusal.of(ErrorCode.INVALID_ARGUMENT, "\"%s\" is not a UUID".formatted(text))
              .field("topic_id"));
    }
  }

  @Override
  public String toString() {
    return value.toString();
  }
}
