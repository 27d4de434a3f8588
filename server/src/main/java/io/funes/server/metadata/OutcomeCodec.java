package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.Outcome.Applied;
import io.funes.server.metadata.Outcome.BrokerRegistered;
import io.funes.server.metadata.Outcome.ProducerInitialized;
import io.funes.server.metadata.Outcome.Refused;
import io.funes.server.metadata.Outcome.TopicChanged;
import io.funes.server.metadata.Outcome.TopicDeleted;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The bytes of outcomes: they travel from the broker that answers to the one that asked, and are
 * not stored.
 */
public final class OutcomeCodec {
  private static final int VERSION = 1;

  private static final int REFUSED = 0;
  private static final int TOPIC_CHANGED = 1;
  private static final int TOPIC_DELETED = 2;
  private static final int BROKER_REGISTERED = 3;
  private static final int PRODUCER_INITIALIZED = 4;

  private OutcomeCodec() {}

  public static void write(Outcome outcome, DataOutput out) throws IOException {
    out.writeByte(kind(outcome));
    out.writeByte(VERSION);
    switch (outcome) {
      case Refused(Refusal refusal) -> writeRefusal(refusal, out);
      case Applied(TopicChanged(TopicImage topic)) -> Fields.writeTopic(topic, out);
      case Applied(TopicDeleted(TopicImage topic)) -> Fields.writeTopic(topic, out);
      case Applied(BrokerRegistered(long epoch)) -> out.writeLong(epoch);
      case Applied(ProducerInitialized(long producerId, int epoch)) -> {
        out.writeLong(producerId);
        out.writeInt(epoch);
      }
    }
  }

  public static Outcome read(DataInput in) throws IOException {
    int kind = in.readUnsignedByte();
    Fields.checkVersion("metadata outcome " + kind, in.readUnsignedByte(), VERSION);
    return switch (kind) {
      case REFUSED -> new Refused(readRefusal(in));
      case TOPIC_CHANGED -> new Applied(new TopicChanged(Fields.readTopic(in)));
      case TOPIC_DELETED -> new Applied(new TopicDeleted(Fields.readTopic(in)));
      case BROKER_REGISTERED -> new Applied(new BrokerRegistered(in.readLong()));
      case PRODUCER_INITIALIZED -> {
        long producerId = in.readLong();
        yield new Applied(new ProducerInitialized(producerId, in.readInt()));
      }
      default -> throw new IOException("unknown metadata outcome " + kind);
    };
  }

  private static int kind(Outcome outcome) {
    return switch (outcome) {
      case Refused _ -> REFUSED;
      case Applied(TopicChanged _) -> TOPIC_CHANGED;
      case Applied(TopicDeleted _) -> TOPIC_DELETED;
      case Applied(BrokerRegistered _) -> BROKER_REGISTERED;
      case Applied(ProducerInitialized _) -> PRODUCER_INITIALIZED;
    };
  }

  private static void writeRefusal(Refusal refusal, DataOutput out) throws IOException {
    Fields.writeText(refusal.code().name(), out);
    Fields.writeText(refusal.message(), out);
    Fields.writeTexts(refusal.metadata(), out);
    Fields.writeText(badField(refusal), out);
  }

  private static Refusal readRefusal(DataInput in) throws IOException {
    ErrorCode code = ErrorCode.valueOf(Fields.readText(in));
    String message = Fields.readText(in);
    Map<String, String> metadata = Fields.readTexts(in);
    String field = Fields.readText(in);
    Refusal refusal = new Refusal(code, message, metadata, Optional.empty());
    return field.isEmpty() ? refusal : refusal.with(new Refusal.Detail.BadField(field));
  }

  /** The only detail that refused commands have. */
  private static String badField(Refusal refusal) {
    return refusal.detail().orElse(null) instanceof Refusal.Detail.BadField(String field)
        ? field
        : "";
  }
}
