package io.funes.server.metadata;

import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** The fields of the commands that bring brokers in and out. */
final class BrokerCommandFields {
  private BrokerCommandFields() {}

  static void writeRegister(RegisterBroker register, DataOutput out) throws IOException {
    out.writeInt(register.brokerId());
    Fields.writeUuid(register.incarnation(), out);
    Fields.writeText(register.address(), out);
    Fields.writeText(register.internalAddress(), out);
    Fields.writeOptional(register.rack(), Fields::writeText, out);
    Fields.writeOptional(register.previousCleanIncarnation(), Fields::writeUuid, out);
    out.writeBoolean(register.fenced());
  }

  static RegisterBroker readRegister(DataInput in, int version) throws IOException {
    int brokerId = in.readInt();
    UUID incarnation = Fields.readUuid(in);
    String address = Fields.readText(in);
    if (version == 1) {
      return new RegisterBroker(
          brokerId, incarnation, address, "", Optional.empty(), Optional.empty(), false);
    }
    String internalAddress = Fields.readText(in);
    Optional<String> rack = Fields.readOptional(Fields::readText, in);
    Optional<UUID> clean = Fields.readOptional(Fields::readUuid, in);
    return new RegisterBroker(
        brokerId, incarnation, address, internalAddress, rack, clean, in.readBoolean());
  }

  static void writeBroker(int id, long epoch, DataOutput out) throws IOException {
    out.writeInt(id);
    out.writeLong(epoch);
  }
}
