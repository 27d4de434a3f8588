package io.funes.server.api;

import io.funes.server.api.mapping.ErrorSchema;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.util.List;

/** Services some of whose methods are bound to other marshallers than the generated ones. */
public final class Services {
  private Services() {}

  /**
   * A service with the generated one's name and schema, so that reflection shows it, and these
   * methods.
   */
  public static ServerServiceDefinition define(
      ServiceDescriptor generated, List<ServerMethodDefinition<?, ?>> methods) {
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(generated.getName())
            .setSchemaDescriptor(
                ErrorSchema.addedTo((ProtoFileDescriptorSupplier) generated.getSchemaDescriptor()));
    methods.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
    methods.forEach(service::addMethod);
    return service.build();
  }
}
