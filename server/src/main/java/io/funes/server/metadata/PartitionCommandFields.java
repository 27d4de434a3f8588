package io.funes.server.metadata;

import io.funes.server.common.PartitionId;
import io.funes.server.metadata.InSyncChange.Member;
import io.funes.server.metadata.MetadataCommand.AlterInSync;
import io.funes.server.metadata.MetadataCommand.AlterReplicas;
import io.funes.server.metadata.MetadataCommand.ElectLeaders;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.List;

/** The fields of the commands that change who holds and who leads a partition. */
final class PartitionCommandFields {
  private PartitionCommandFields() {}

  static void writeAlterInSync(AlterInSync alter, DataOutput out) throws IOException {
    out.writeInt(alter.brokerId());
    out.writeLong(alter.brokerEpoch());
    Fields.writeAll(
        alter.changes(), alter.changes().size(), PartitionCommandFields::writeChange, out);
  }

  static AlterInSync readAlterInSync(DataInput in) throws IOException {
    int brokerId = in.readInt();
    long brokerEpoch = in.readLong();
    return new AlterInSync(
        brokerId, brokerEpoch, Fields.readAll(PartitionCommandFields::readChange, in));
  }

  static void writeElectLeaders(ElectLeaders elect, DataOutput out) throws IOException {
    out.writeBoolean(
        switch (elect.kind()) {
          case PREFERRED -> false;
          case UNCLEAN -> true;
        });
    Fields.writeAll(
        elect.partitions(), elect.partitions().size(), ImageFields::writePartitionId, out);
  }

  static ElectLeaders readElectLeaders(DataInput in) throws IOException {
    ElectLeaders.Kind kind =
        in.readBoolean() ? ElectLeaders.Kind.UNCLEAN : ElectLeaders.Kind.PREFERRED;
    return new ElectLeaders(Fields.readAll(ImageFields::readPartitionId, in), kind);
  }

  static void writeAlterReplicas(AlterReplicas alter, DataOutput out) throws IOException {
    ImageFields.writePartitionId(alter.partition(), out);
    Fields.writeOptional(alter.replicas(), Fields::writeInts, out);
  }

  private static void writeChange(InSyncChange change, DataOutput out) throws IOException {
    ImageFields.writePartitionId(change.partition(), out);
    out.writeInt(change.leaderEpoch());
    out.writeInt(change.partitionEpoch());
    Fields.writeAll(
        change.inSync(), change.inSync().size(), PartitionCommandFields::writeMember, out);
    out.writeBoolean(change.recovered());
  }

  private static InSyncChange readChange(DataInput in) throws IOException {
    PartitionId partition = ImageFields.readPartitionId(in);
    int leaderEpoch = in.readInt();
    int partitionEpoch = in.readInt();
    List<Member> inSync = Fields.readAll(PartitionCommandFields::readMember, in);
    return new InSyncChange(partition, leaderEpoch, partitionEpoch, inSync, in.readBoolean());
  }

  private static void writeMember(Member member, DataOutput out) throws IOException {
    out.writeInt(member.brokerId());
    out.writeLong(member.brokerEpoch());
  }

  private static Member readMember(DataInput in) throws IOException {
    int brokerId = in.readInt();
    return new Member(brokerId, in.readLong());
  }
}
