package io.funes.client.internal.transport;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Tells gRPC all the addresses there are for the list, in its order; gRPC connects to the first
 * that takes the connection, and begins anew with the first when that is lost. A name that nobody
 * knows is passed over.
 */
final class ServerResolver extends NameResolver {
  private final Supplier<ServerList> servers;
  private final Args args;
  private Listener2 listener;

  private ServerResolver(Supplier<ServerList> servers, Args args) {
    this.servers = servers;
    this.args = args;
  }

  static Factory factory(Supplier<ServerList> servers) {
    return new Factory() {
      @Override
      public NameResolver newNameResolver(URI target, Args args) {
        return new ServerResolver(servers, args);
      }

      @Override
      public String getDefaultScheme() {
        return "funes";
      }
    };
  }

  @Override
  public String getServiceAuthority() {
    return servers.get().addresses().get(0).toString();
  }

  @Override
  public void start(Listener2 newListener) {
    listener = newListener;
    refresh();
  }

  @Override
  public void refresh() {
    // A look-up may take its time.
    args.getOffloadExecutor().execute(() -> listener.onResult(resolve()));
  }

  private ResolutionResult resolve() {
    ServerList known = servers.get();
    List<EquivalentAddressGroup> found = new ArrayList<>();
    for (ServerList.Address server : known.addresses()) {
      try {
        for (InetAddress address : InetAddress.getAllByName(server.host())) {
          found.add(new EquivalentAddressGroup(new InetSocketAddress(address, server.port())));
        }
      } catch (UnknownHostException e) {
        // Another may be known.
      }
    }
    StatusOr<List<EquivalentAddressGroup>> result =
        found.isEmpty()
            ? StatusOr.fromStatus(
                Status.UNAVAILABLE.withDescription("there is no such host: " + known))
            : StatusOr.fromValue(found);
    return ResolutionResult.newBuilder().setAddressesOrError(result).build();
  }

  @Override
  public void shutdown() {}
}
