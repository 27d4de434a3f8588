package io.funes.it;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy in this process between each broker and each other one. Brokers listen under names, and
 * each has a hosts file of its own, in which its own name is its listener and another's the proxy
 * on the way from the one to the other.
 *
 * <p>What comes to a cut waits there and arrives when it is over, as what TCP sends again would.
 * The kernel's probes see nothing of it, so brokers notice it later than a cable that is pulled
 * out.
 */
final class BrokerProxies implements Network {
  private record Way(int from, int to) {}

  private final int count;
  private final List<Path> hosts = new ArrayList<>();
  private final Set<Way> cuts = new HashSet<>();
  private final List<AutoCloseable> open = new CopyOnWriteArrayList<>();

  BrokerProxies(int brokers) {
    this.count = brokers;
    Path folder = BrokerProcess.emptyFolder("proxies");
    try {
      for (int from = 0; from < brokers; from++) {
        StringBuilder file = new StringBuilder();
        for (int to = 0; to < brokers; to++) {
          file.append(address(from, to)).append(' ').append(name(to)).append('\n');
        }
        hosts.add(Files.writeString(folder.resolve("hosts-%d.txt".formatted(from)), file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name(int broker) {
    return "broker-" + broker + ".test";
  }

  /** Under which one reaches the other: loopback has more addresses than one. */
  static String address(int from, int to) {
    return from == to ? "127.0.0.1" : "127.0.%d.%d".formatted(from + 1, to + 1);
  }

  @Override
  public Place place(int broker) {
    return new Place(
        "127.0.0.1",
        name(broker),
        List.of(),
        Map.of("JDK_JAVA_OPTIONS", "-Djdk.net.hosts.file=" + hosts.get(broker)));
  }

  @Override
  public void connect(List<BrokerProcess> brokers) {
    for (int from = 0; from < count; from++) {
      for (int to = 0; to < count; to++) {
        if (from != to) {
          listen(new Way(from, to), brokers.get(to).internalPort());
        }
      }
    }
  }

  private void listen(Way way, int port) {
    try {
      ServerSocketChannel listener = ServerSocketChannel.open();
      open.add(listener);
      listener.bind(new InetSocketAddress(address(way.from, way.to), port));
      Thread.ofVirtual().start(() -> accept(listener, way, port));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A broker that does not listen is one that hangs up at once. */
  private void accept(ServerSocketChannel listener, Way way, int port) {
    while (listener.isOpen()) {
      try {
        SocketChannel caller = listener.accept();
        open.add(caller);
        Thread.ofVirtual().start(() -> connect(caller, way, port));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void connect(SocketChannel caller, Way way, int port) {
    try {
      SocketChannel called =
          SocketChannel.open(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
      open.add(called);
      called.setOption(StandardSocketOptions.TCP_NODELAY, true);
      caller.setOption(StandardSocketOptions.TCP_NODELAY, true);
      Thread.ofVirtual().start(() -> copy(caller, called, way));
      Thread.ofVirtual().start(() -> copy(called, caller, new Way(way.to, way.from)));
    } catch (IOException e) {
      hangUp(caller);
    }
  }

  private void copy(SocketChannel source, SocketChannel sink, Way way) {
    ByteBuffer bytes = ByteBuffer.allocate(1 << 16);
    try {
      for (boolean open = true; open; bytes.clear()) {
        open = source.read(bytes) >= 0;
        awaitUncut(way);
        bytes.flip();
        while (bytes.hasRemaining()) {
          sink.write(bytes);
        }
      }
    } catch (IOException e) {
      // One of the two is gone, and so the other goes.
    }
    awaitUncut(way);
    hangUp(source);
    hangUp(sink);
  }

  private void awaitUncut(Way way) {
    synchronized (cuts) {
      while (cuts.contains(way)) {
        try {
          cuts.wait();
        } catch (InterruptedException e) {
          throw new IllegalStateException(e);
        }
      }
    }
  }

  private void hangUp(SocketChannel channel) {
    open.remove(channel);
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone.
    }
  }

  @Override
  public void cut(int from, int to) {
    synchronized (cuts) {
      cuts.add(new Way(from, to));
    }
  }

  @Override
  public void heal() {
    synchronized (cuts) {
      cuts.clear();
      cuts.notifyAll();
    }
  }

  @Override
  public void close() {
    for (AutoCloseable each : open) {
      try {
        each.close();
      } catch (Exception e) {
        // It is gone.
      }
    }
  }

  @Override
  public String toString() {
    return "proxies in this process";
  }
}
