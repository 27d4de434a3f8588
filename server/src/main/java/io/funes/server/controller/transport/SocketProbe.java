package io.funes.server.controller.transport;

import io.funes.server.controller.Probe;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;

/** Opens a connection to a broker's internal listener and closes it. */
public final class SocketProbe implements Probe {
  /** Far below the time after which a system gives up by itself and also calls that refused. */
  private static final int TIMEOUT_MS = 500;

  private final Executor executor;

  /**
   * Dials one or more addresses at a time.
   *
   * @param executor its threads wait for the network, half a second and what a look-up of the name
   *     takes
   */
  public SocketProbe(Executor executor) {
    this.executor = executor;
  }

  @Override
  public CompletableFuture<Answer> dial(String address) {
    try {
      return CompletableFuture.supplyAsync(() -> connect(address), executor);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(Answer.UNKNOWN); // Closed.
    }
  }

  private static Answer connect(String address) {
    try (Socket socket = new Socket()) {
      URI uri = URI.create("tcp://" + address);
      socket.connect(new InetSocketAddress(uri.getHost(), uri.getPort()), TIMEOUT_MS);
      return Answer.REACHED;
    } catch (ConnectException e) {
      return Answer.REFUSED;
    } catch (IOException | IllegalArgumentException e) {
      return Answer.UNKNOWN;
    }
  }
}
