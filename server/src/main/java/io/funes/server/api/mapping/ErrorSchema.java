package io.funes.server.api.mapping;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.rpc.ErrorDetailsProto;
import io.funes.proto.v1.ErrorProto;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.util.ArrayList;
import java.util.List;

/**
 * Makes the details of errors known to reflection, which tells what the services' files import:
 * none imports them, since they travel as Any, and grpcurl could not print them.
 */
public final class ErrorSchema {
  private static final List<FileDescriptor> ERRORS =
      List.of(ErrorProto.getDescriptor(), ErrorDetailsProto.getDescriptor());

  private ErrorSchema() {}

  /** The schema of a service, with the details of errors among its imports. */
  public static ProtoFileDescriptorSupplier addedTo(ProtoFileDescriptorSupplier generated) {
    FileDescriptor file = generated.getFileDescriptor();
    FileDescriptorProto.Builder schema = file.toProto().toBuilder();
    List<FileDescriptor> imports = new ArrayList<>(file.getDependencies());
    for (FileDescriptor errors : ERRORS) {
      schema.addDependency(errors.getName());
      imports.add(errors);
    }
    try {
      FileDescriptor added =
          FileDescriptor.buildFrom(schema.build(), imports.toArray(FileDescriptor[]::new));
      return () -> added;
    } catch (DescriptorValidationException e) {
      throw new IllegalStateException(e);
    }
  }
}
