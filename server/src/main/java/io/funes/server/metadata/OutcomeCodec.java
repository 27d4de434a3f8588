package io.funes.server.metadata;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.Outcome.Applied;
import io.funes.server.metadata.Outcome.BrokerChanged;
import io.funes.server.metadata.Outcome.BrokerJoined;
import io.funes.server.metadata.Outcome.BrokerRegistered;
import io.funes.server.metadata.Outcome.BrokerShuttingDown;
import io.funes.server.metadata.Outcome.InSyncAltered;
import io.funes.server.metadata.Outcome.LeadersElected;
import io.funes.server.metadata.Outcome.ProducerInitialized;
import io.funes.server.metadata.Outcome.Refused;
import io.funes.server.metadata.Outcome.ReplicasAltered;
import io.funes.server.metadata.Outcome.TopicChanged;
import io.funes.server.metadata.Outcome.TopicDeleted;
import io.funes.server.metadata.Outcome.VersionRaised;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The bytes of outcomes: they travel from the broker that answers to the one that asked, and are
 * not stored.
 */
public final class OutcomeCodec {
  private static final int REFUSED = 0;
  private static final int TOPIC_CHANGED = 1;
  private static final int TOPIC_DELETED = 2;
  private static final int BROKER_REGISTERED = 3;
  private static final int PRODUCER_INITIALIZED = 4;
  private static final int IN_SYNC_ALTERED = 5;
  private static final int BROKER_JOINED = 6;
  private static final int BROKER_CHANGED = 7;
  private static final int BROKER_SHUTTING_DOWN = 8;
  private static final int LEADERS_ELECTED = 9;
  private static final int REPLICAS_ALTERED = 10;
  private static final int VERSION_RAISED = 11;

  private OutcomeCodec() {}

  /**
   * For a broker of any release that takes part.
   *
   * @param version of the image that the brokers agree on
   */
  public static void write(Outcome outcome, int version, DataOutput out) throws IOException {
    out.writeByte(kind(outcome));
    out.writeByte(version);
    switch (outcome) {
      case Refused(Refusal refusal) -> writeRefusal(refusal, out);
      case Applied(TopicChanged(TopicImage topic)) -> ImageFields.writeTopic(topic, out);
      case Applied(TopicDeleted(TopicImage topic)) -> ImageFields.writeTopic(topic, out);
      case Applied(BrokerRegistered(long epoch)) -> out.writeLong(epoch);
      case Applied(ProducerInitialized(long producerId, int epoch)) -> {
        out.writeLong(producerId);
        out.writeInt(epoch);
      }
      case Applied(InSyncAltered(List<PartitionAnswer> answers)) ->
          Fields.writeAll(answers, answers.size(), OutcomeCodec::writeAnswer, out);
      case Applied(LeadersElected(List<PartitionAnswer> answers)) ->
          Fields.writeAll(answers, answers.size(), OutcomeCodec::writeAnswer, out);
      case Applied(ReplicasAltered(PartitionImage now)) -> ImageFields.writePartition(now, out);
      case Applied(BrokerJoined(int brokerId)) -> out.writeInt(brokerId);
      case Applied(BrokerChanged(BrokerImage broker)) ->
          ImageFields.writeBroker(broker, version, out);
      case Applied(BrokerShuttingDown(int leaders)) -> out.writeInt(leaders);
      case Applied(VersionRaised(int raised)) -> out.writeByte(raised);
    }
  }

  public static Outcome read(DataInput in) throws IOException {
    int kind = in.readUnsignedByte();
    int version = in.readUnsignedByte();
    Fields.checkVersion("metadata outcome " + kind, version, MetadataVersion.NEWEST);
    return switch (kind) {
      case REFUSED -> new Refused(readRefusal(in));
      case TOPIC_CHANGED -> new Applied(new TopicChanged(ImageFields.readTopic(in, version)));
      case TOPIC_DELETED -> new Applied(new TopicDeleted(ImageFields.readTopic(in, version)));
      case BROKER_REGISTERED -> new Applied(new BrokerRegistered(in.readLong()));
      case PRODUCER_INITIALIZED -> {
        long producerId = in.readLong();
        yield new Applied(new ProducerInitialized(producerId, in.readInt()));
      }
      case IN_SYNC_ALTERED -> new Applied(new InSyncAltered(readAnswers(in, version)));
      case LEADERS_ELECTED -> new Applied(new LeadersElected(readAnswers(in, version)));
      case REPLICAS_ALTERED ->
          new Applied(new ReplicasAltered(ImageFields.readPartition(in, version)));
      case BROKER_JOINED -> new Applied(new BrokerJoined(in.readInt()));
      case BROKER_CHANGED -> new Applied(new BrokerChanged(ImageFields.readBroker(in, version)));
      case VERSION_RAISED -> new Applied(new VersionRaised(in.readUnsignedByte()));
      case BROKER_SHUTTING_DOWN -> new Applied(new BrokerShuttingDown(in.readInt()));
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
      case Applied(InSyncAltered _) -> IN_SYNC_ALTERED;
      case Applied(BrokerJoined _) -> BROKER_JOINED;
      case Applied(BrokerChanged _) -> BROKER_CHANGED;
      case Applied(BrokerShuttingDown _) -> BROKER_SHUTTING_DOWN;
      case Applied(LeadersElected _) -> LEADERS_ELECTED;
      case Applied(VersionRaised _) -> VERSION_RAISED;
      case Applied(ReplicasAltered _) -> REPLICAS_ALTERED;
    };
  }

  private static void writeAnswer(PartitionAnswer answer, DataOutput out) throws IOException {
    switch (answer) {
      case PartitionAnswer.Altered(PartitionImage now) -> {
        Fields.writeText("", out);
        ImageFields.writePartition(now, out);
      }
      case PartitionAnswer.Refused(ErrorCode reason, Optional<PartitionImage> now) -> {
        Fields.writeText(reason.name(), out);
        Fields.writeOptional(now, ImageFields::writePartition, out);
      }
    }
  }

  private static List<PartitionAnswer> readAnswers(DataInput in, int version) throws IOException {
    return Fields.readAll(each -> readAnswer(each, version), in);
  }

  private static PartitionAnswer readAnswer(DataInput in, int version) throws IOException {
    String reason = Fields.readText(in);
    if (reason.isEmpty()) {
      return new PartitionAnswer.Altered(ImageFields.readPartition(in, version));
    }
    return new PartitionAnswer.Refused(
        ErrorCode.valueOf(reason),
        Fields.readOptional(each -> ImageFields.readPartition(each, version), in));
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
