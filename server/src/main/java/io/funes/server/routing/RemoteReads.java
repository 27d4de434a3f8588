package io.funes.server.routing;

import io.funes.proto.v1.ReadPosition;
import io.grpc.StatusRuntimeException;
import java.util.List;
import java.util.Optional;

/** One {@code Read} in parts, one at each leader, that are taken from in turn. */
public final class RemoteReads {
  /** Of a stream that needs no other broker. */
  public static final RemoteReads NONE = new RemoteReads(List.of());

  private final List<RemoteRead> parts;
  private int turn;

  RemoteReads(List<RemoteRead> parts) {
    this.parts = parts;
  }

  public boolean isEmpty() {
    return parts.isEmpty();
  }

  /** All leaders have fixed the places to read from. */
  public boolean bound() {
    return parts.stream().allMatch(RemoteRead::bound);
  }

  /** The next frame of records to pass on; empty where no leader has sent one. */
  public Optional<RemoteFrame> next() {
    for (int i = 0; i < parts.size(); i++) {
      Optional<RemoteFrame> frame = parts.get(turn).next();
      turn = (turn + 1) % parts.size();
      if (frame.isPresent()) {
        return frame;
      }
    }
    return Optional.empty();
  }

  /** The error that ended one of them, once all that came before has been taken. */
  public Optional<StatusRuntimeException> failure() {
    return parts.stream()
        .flatMap(part -> part.end().stream())
        .filter(end -> !end.getStatus().isOk())
        .findFirst();
  }

  /** One of the leaders asks its readers to go elsewhere. */
  public boolean drained() {
    return parts.stream().anyMatch(RemoteRead::drained);
  }

  /** All leaders have sent all there is. */
  public boolean ended() {
    return parts.stream().allMatch(part -> part.end().isPresent());
  }

  /** Where the taker stands, as far as is known. */
  public List<ReadPosition> positions() {
    return parts.stream().flatMap(part -> part.positions().stream()).toList();
  }
}
