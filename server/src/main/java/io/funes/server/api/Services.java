package io.funes.server.api;

import io.funes.server.api.mapping.ErrorSchema;
import io.grpc.ServerMethodDefinition;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoFileDescriptorSupplier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** Services as they are bound: their requests are checked before a handler sees them. */
public final class Services {
  private Services() {}

  /**
   * A service with the generated one's name and schema, so that reflection shows it, and these
   * methods.
   */
  public static ServerServiceDefinition define(
      ServiceDescriptor generated, Collection<ServerMethodDefinition<?, ?>> methods) {
    return bind(
        generated.getName(),
        ErrorSchema.addedTo((ProtoFileDescriptorSupplier) generated.getSchemaDescriptor()),
        methods);
  }

  /** A service of grpc-java's, with its requests checked. */
  public static ServerServiceDefinition checked(ServerServiceDefinition service) {
    ServiceDescriptor descriptor = service.getServiceDescriptor();
    return bind(descriptor.getName(), descriptor.getSchemaDescriptor(), service.getMethods());
  }

  private static ServerServiceDefinition bind(
      String name, Object schema, Collection<ServerMethodDefinition<?, ?>> methods) {
    List<ServerMethodDefinition<?, ?>> checked = new ArrayList<>();
    methods.forEach(method -> checked.add(CheckedRequests.of(method)));
    ServiceDescriptor.Builder descriptor =
        ServiceDescriptor.newBuilder(name).setSchemaDescriptor(schema);
    checked.forEach(method -> descriptor.addMethod(method.getMethodDescriptor()));
    ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(descriptor.build());
    checked.forEach(service::addMethod);
    return service.build();
  }
}
