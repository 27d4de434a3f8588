package io.funes.server.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.PartitionId;
import io.funes.server.common.Refusal;
import io.funes.server.common.TopicId;
import io.funes.server.common.TopicName;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.AlterReplicas;
import io.funes.server.metadata.MetadataCommand.CreateTopic;
import io.funes.server.metadata.MetadataCommand.DeleteTopic;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.InitProducer;
import io.funes.server.metadata.MetadataCommand.JoinBroker;
import io.funes.server.metadata.MetadataCommand.Origin;
import io.funes.server.metadata.MetadataCommand.RaiseVersion;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataCommand.SetReadOnly;
import io.funes.server.metadata.MetadataCommand.ShutDownBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataCommand.UnregisterBroker;
import io.funes.server.metadata.MetadataCommand.UpdateTopic;
import io.funes.server.metadata.Outcome.Applied;
import io.funes.server.metadata.Outcome.Refused;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutput;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {
  private static final TopicId ID = new TopicId(new UUID(-1, Long.MIN_VALUE));
  private static final TopicName NAME = new TopicName("orders");
  private static final MetadataLimits LIMITS = new MetadataLimits(1, 2, 3);
  private static final TopicImage TOPIC =
      new TopicImage(
          ID,
          NAME,
          List.of(
              PartitionImage.settled(2, 3, 4, List.of(2, 1), List.of(2)),
              new PartitionImage(
                  PartitionImage.NO_LEADER,
                  1,
                  9,
                  List.of(1, 2),
                  List.of(),
                  List.of(2),
                  1,
                  List.of(2),
                  List.of(1),
                  true)),
          Map.of("flush", "os", "retention.ms", "-1"),
          1_760_000_000_000L);

  private static final BrokerImage BROKER =
      new BrokerImage(
          3,
          new UUID(1, 2),
          "out:1",
          "in:2",
          Optional.of("east"),
          Long.MAX_VALUE,
          true,
          true,
          true,
          9);

  static Stream<MetadataCommand> commands() {
    return Stream.of(
        new CreateTopic(ID, NAME, 6, 3, Map.of("a", "ü", "b", ""), -1, Origin.BROKER, LIMITS),
        new CreateTopic(ID, NAME, 1, 1, Map.of(), 0, Origin.CLIENT, LIMITS),
        new UpdateTopic(
            NAME,
            Optional.of(ID),
            OptionalInt.of(7),
            Map.of("a", "b"),
            Set.of("c", "d"),
            Origin.CLIENT,
            LIMITS),
        new UpdateTopic(
            NAME, Optional.empty(), OptionalInt.empty(), Map.of(), Set.of(), Origin.BROKER, LIMITS),
        new DeleteTopic(NAME, Optional.of(ID), Origin.CLIENT),
        new DeleteTopic(NAME, Optional.empty(), Origin.BROKER),
        new RegisterBroker(
            Integer.MAX_VALUE,
            new UUID(1, 2),
            "host:1942",
            "inside:1943",
            Optional.of("east"),
            Optional.of(new UUID(3, 4)),
            true),
        Commands.register(1),
        new AlterInSync(
            3,
            4,
            List.of(
                new InSyncChange(
                    new PartitionId(ID, 5),
                    6,
                    7,
                    List.of(new Member(3, 4), new Member(8, Member.EPOCH_UNKNOWN)),
                    true))),
        new JoinBroker(new UUID(5, 6)),
        new FenceBroker(1, 2),
        new UnfenceBroker(3, 4),
        new ShutDownBroker(5, 6),
        new SetReadOnly(5, 6, true),
        new RaiseVersion(3),
        new UnregisterBroker(7, Long.MAX_VALUE),
        new ElectLeaders(List.of(new PartitionId(ID, 0)), ElectLeaders.Kind.PREFERRED),
        new ElectLeaders(List.of(), ElectLeaders.Kind.UNCLEAN),
        new AlterReplicas(new PartitionId(ID, 1), Optional.of(List.of(3, 1)), LIMITS),
        new AlterReplicas(new PartitionId(ID, 1), Optional.empty(), LIMITS),
        new InitProducer("", LIMITS),
        new InitProducer("café ☕", LIMITS));
  }

  static Stream<Outcome> outcomes() {
    return Stream.of(
        new Applied(new Outcome.TopicChanged(TOPIC)),
        new Applied(new Outcome.TopicDeleted(TOPIC)),
        new Applied(new Outcome.BrokerRegistered(Long.MAX_VALUE)),
        new Applied(new Outcome.ProducerInitialized(5, 6)),
        new Applied(new Outcome.BrokerJoined(7)),
        new Applied(new Outcome.BrokerChanged(BROKER)),
        new Applied(new Outcome.BrokerShuttingDown(8)),
        new Applied(new Outcome.VersionRaised(3)),
        new Applied(new Outcome.ReplicasAltered(TOPIC.partitions().getLast())),
        new Applied(
            new Outcome.LeadersElected(
                List.of(new PartitionAnswer.Altered(TOPIC.partitions().getFirst())))),
        new Applied(
            new Outcome.InSyncAltered(
                List.of(
                    new PartitionAnswer.Altered(TOPIC.partitions().getLast()),
                    new PartitionAnswer.Refused(ErrorCode.UNKNOWN_TOPIC, Optional.empty()),
                    new PartitionAnswer.Refused(
                        ErrorCode.STALE_PARTITION_EPOCH,
                        Optional.of(TOPIC.partitions().getFirst()))))),
        new Refused(Refusal.of(ErrorCode.TOPIC_EXISTS, "it exists").with("topic", "orders")),
        new Refused(Refusal.of(ErrorCode.INVALID_ARGUMENT, "bad").field("name")));
  }

  @Test
  void everyKindOfCommandIsAmongTheSamples() {
    Set<Class<?>> sampled = new HashSet<>();
    commands().forEach(command -> sampled.add(command.getClass()));

    assertThat(sampled).containsExactlyInAnyOrder(MetadataCommand.class.getPermittedSubclasses());
  }

  @Test
  void everyKindOfOutcomeIsAmongTheSamples() {
    Set<Class<?>> sampled = new HashSet<>();
    outcomes()
        .filter(Applied.class::isInstance)
        .forEach(outcome -> sampled.add(((Applied) outcome).result().getClass()));

    assertThat(sampled).containsExactlyInAnyOrder(Outcome.Result.class.getPermittedSubclasses());
  }

  @ParameterizedTest
  @MethodSource("commands")
  void commandComesBack(MetadataCommand command) throws IOException {
    byte[] bytes = bytes(out -> CommandCodec.write(command, MetadataVersion.NEWEST, out));

    assertThat(read(bytes, CommandCodec::read)).isEqualTo(command);
  }

  @ParameterizedTest
  @MethodSource("outcomes")
  void outcomeComesBack(Outcome outcome) throws IOException {
    byte[] bytes = bytes(out -> OutcomeCodec.write(outcome, MetadataVersion.NEWEST, out));

    assertThat(read(bytes, OutcomeCodec::read)).isEqualTo(outcome);
  }

  @Test
  void imageComesBack() throws IOException {
    MetadataImage image = MetadataImage.EMPTY;
    for (int id = 1; id <= 2; id++) {
      image = MetadataStateMachine.apply(image, Commands.register(id)).image();
    }
    image = image.withTopic(TOPIC);
    image = image.withBroker(BROKER.withReplicaCount(0));
    image = MetadataStateMachine.apply(image, new JoinBroker(new UUID(5, 6))).image();
    image = MetadataStateMachine.apply(image, Commands.create("b", 3, 2, Map.of())).image();
    image = MetadataStateMachine.apply(image, Commands.init("billing")).image();
    image = MetadataStateMachine.apply(image, Commands.init("")).image();
    MetadataImage written = image.withVersion(MetadataVersion.NEWEST);

    byte[] bytes = bytes(out -> ImageCodec.write(written, out));

    assertThat(read(bytes, ImageCodec::read)).isEqualTo(written);
  }

  @ParameterizedTest
  @MethodSource("commands")
  void newerVersionIsRefused(MetadataCommand command) throws IOException {
    byte[] bytes = bytes(out -> CommandCodec.write(command, MetadataVersion.NEWEST, out));
    bytes[1]++;

    assertThatThrownBy(() -> read(bytes, CommandCodec::read))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("newer release");
  }

  /** Byte by byte as the release before this one wrote it. */
  @Test
  void whatIsWrittenInAnAgreedOlderVersionIsReadByReleasesThatKnowNoNewerOne() throws IOException {
    MetadataImage image = MetadataImage.EMPTY.withBroker(BROKER);

    byte[] snapshot = bytes(out -> ImageCodec.write(image, out));
    byte[] command = bytes(out -> CommandCodec.write(new JoinBroker(new UUID(1, 2)), 2, out));
    byte[] outcome =
        bytes(out -> OutcomeCodec.write(new Applied(new Outcome.BrokerChanged(BROKER)), 2, out));

    assertThat(snapshot[4]).isEqualTo((byte) 2);
    assertThat(command[1]).isEqualTo((byte) 2);
    assertThat(outcome)
        .isEqualTo(
            bytes(out -> {
              out.writeByte(7);
              out.writeByte(2);
              out.writeInt(3);
              Fields.writeUuid(new UUID(1, 2), out);
              Fields.writeText("out:1", out);
              out.writeLong(Long.MAX_VALUE);
              Fields.writeText("in:2", out);
              Fields.writeOptional(Optional.of("east"), Fields::writeText, out);
              out.writeBoolean(true);
              out.writeBoolean(true);
              out.writeInt(9);
            }));
    assertThat(read(snapshot, ImageCodec::read).version()).isEqualTo(2);
  }

  @Test
  void registrationOfVersion1IsOfABrokerThatServesAtOnce() throws IOException {
    byte[] bytes =
        bytes(out -> {
          out.writeByte(4);
          out.writeByte(1);
          out.writeInt(7);
          Fields.writeUuid(new UUID(1, 2), out);
          Fields.writeText("host:1942", out);
        });

    assertThat(read(bytes, CommandCodec::read))
        .isEqualTo(Commands.register(7, new UUID(1, 2), "host:1942"));
  }

  @Test
  void snapshotOfVersion1IsRead() throws IOException {
    byte[] bytes =
        bytes(out -> {
          out.writeInt(0x46554E4D);
          out.writeByte(1);
          out.writeLong(12);
          out.writeLong(1);
          Fields.writeAll(List.of(7), 1, CodecTest::writeOldBroker, out);
          Fields.writeAll(List.of(7), 1, CodecTest::writeOldTopic, out);
          Fields.writeAll(List.of(), 0, (_, _) -> {}, out);
        });

    MetadataImage image = read(bytes, ImageCodec::read);

    assertThat(image.broker(7).orElseThrow().active()).isTrue();
    assertThat(image.broker(7).orElseThrow().replicaCount()).isEqualTo(1);
    assertThat(image.topic(NAME).orElseThrow().partitions())
        .containsExactly(PartitionImage.settled(7, 3, 4, List.of(7), List.of(7)));
    assertThat(image.brokerIds().next()).isEqualTo(8);
  }

  private static void writeOldBroker(int id, DataOutput out) throws IOException {
    out.writeInt(id);
    Fields.writeUuid(new UUID(1, 2), out);
    Fields.writeText("host:1942", out);
    out.writeLong(5);
  }

  private static void writeOldTopic(int leader, DataOutput out) throws IOException {
    Fields.writeTopicId(ID, out);
    Fields.writeTopicName(NAME, out);
    out.writeInt(1);
    out.writeInt(leader);
    out.writeInt(3);
    out.writeInt(4);
    Fields.writeInts(List.of(leader), out);
    Fields.writeInts(List.of(leader), out);
    Fields.writeTexts(Map.of(), out);
    out.writeLong(0);
  }

  @Test
  void whatIsNoSnapshotIsRefused() {
    assertThatThrownBy(() -> read(new byte[100], ImageCodec::read))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("not a metadata snapshot");
  }

  private interface Write {
    void to(DataOutputStream out) throws IOException;
  }

  private static byte[] bytes(Write write) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    write.to(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  /** All of it must be read. */
  private static <T> T read(byte[] bytes, Fields.Reader<T> reader) throws IOException {
    DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
    T value = reader.read(in);
    assertThat(in.available()).isZero();
    return value;
  }
}
