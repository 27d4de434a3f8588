package io.funes.server.api;

import static io.funes.server.api.Requests.produce;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.rpc.Status;
import io.funes.proto.v1.InitProducerRequest;
import io.funes.proto.v1.ProduceResponse;
import io.funes.proto.v1.ProduceServiceGrpc;
import io.funes.proto.v1.ReassignPartitionsRequest;
import io.funes.proto.v1.ReplicaAssignment;
import io.funes.server.api.interceptor.DeadlineInterceptor;
import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.metadata.MetadataLimits;
import io.funes.server.routing.Caller;
import io.funes.server.testing.PassedDeadline;
import io.funes.server.testing.ServicesFixture;
import io.grpc.protobuf.StatusProto;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Right requests to brokers whose cluster, disk, clock or metadata log is in a bad state. */
final class TroubledBroker implements AutoCloseable {
  private final Path folder;
  private ServicesFixture services;

  TroubledBroker(Path folder) {
    this.folder = folder;
  }

  /** Two brokers, of which this one is up. */
  Provocation ofCluster(ErrorCode code) {
    services = ServicesFixture.in(folder);
    services.addBroker(1);
    boolean copied =
        code == ErrorCode.NOT_ENOUGH_REPLICAS || code == ErrorCode.NOT_ENOUGH_REPLICAS_AFTER_APPEND;
    services.createTopic("t", 2, copied ? 2 : 1, Map.of("min.insync.replicas", "2"));
    int partition = copied ? 0 : 1;
    ThrowingCallable send =
        () -> services.produce().produce(produce("t", "x").setPartition(partition).build());
    return switch (code) {
      case NOT_LEADER -> {
        // Else it would be sent on.
        var forwarded = Requests.with(services.produce(), Caller.FORWARDED, "1");
        yield Provocation.of(
            () -> forwarded.produce(produce("t", "x").setPartition(partition).build()),
            "leader",
            "1",
            "leader_address",
            "127.0.0.1:1943");
      }
      case NO_LEADER -> {
        services.fenceBroker(1);
        yield Provocation.of(send, "leader", "-1");
      }
      case NOT_ENOUGH_REPLICAS -> {
        services.fenceBroker(1);
        yield Provocation.of(send, "in_sync", "1", "min_insync_replicas", "2");
      }
      default -> {
        ListenableFuture<ProduceResponse> waiting =
            ProduceServiceGrpc.newFutureStub(services.channel())
                .produce(produce("t", "x").setPartition(partition).build());
        services.fenceBroker(1);
        yield Provocation.of(
            () -> {
              try {
                waiting.get();
              } catch (ExecutionException e) {
                throw e.getCause();
              }
            },
            "in_sync",
            "1");
      }
    };
  }

  /** One of many in a call is refused, so its error is no status of the call itself. */
  Provocation ofMoves() {
    return Provocation.of(
        () -> {
          throw StatusProto.toStatusRuntimeException(moveToADeadBroker());
        },
        "broker",
        "1");
  }

  private Status moveToADeadBroker() {
    services = ServicesFixture.in(folder);
    services.createTopic("t", Map.of());
    services.addBroker(1);
    services.fenceBroker(1);
    return services
        .cluster()
        .reassignPartitions(
            ReassignPartitionsRequest.newBuilder()
                .addAssignments(ReplicaAssignment.newBuilder().setTopic("t").addReplicaIds(1))
                .build())
        .getResults(0)
        .getError();
  }

  /** Services on a disk, a clock and a metadata log that are in the state to complain about. */
  Provocation ofTrouble(ErrorCode code) {
    services =
        ServicesFixture.in(
            folder,
            new MetadataLimits(10, 10, 1),
            code == ErrorCode.DEADLINE_PASSED
                ? List.of(new PassedDeadline(), new DeadlineInterceptor())
                : List.of());
    if (code == ErrorCode.DEADLINE_PASSED) {
      return Provocation.of(() -> services.createTopic("t", Map.of()));
    }
    services.createTopic("t", Map.of());
    ThrowingCallable send = () -> services.produce().produce(produce("t", "x").build());
    return switch (code) {
      case DISK_FULL -> {
        services.gate.update(999);
        yield Provocation.of(send, "free_bytes", "999", "disk.free.bytes.min", "1000");
      }
      case STORAGE_FAILURE -> {
        var _ = services.produce().produce(produce("t", "never synced").build());
        services.disk.failSync(true);
        services.startUpkeep(60_000);
        services.time.advanceMs(60_000);
        yield Provocation.of(send);
      }
      case BROKER_UNAVAILABLE -> {
        services.endService(Refusal.of(ErrorCode.BROKER_UNAVAILABLE, "the broker is stopping"));
        yield Provocation.of(send);
      }
      case LIMIT_REACHED -> {
        var _ = services.produce().initProducer(init("first"));
        yield Provocation.of(
            () -> services.produce().initProducer(init("second")), "producer_names_max", "1");
      }
      case INTERNAL -> {
        services.breakMetadata(new IllegalStateException("a bug, as this test wants it"));
        yield Provocation.of(() -> services.createTopic("new", Map.of()));
      }
      default -> throw new AssertionError(code);
    };
  }

  private static InitProducerRequest init(String name) {
    return InitProducerRequest.newBuilder().setName(name).build();
  }

  @Override
  public void close() {
    if (services != null) {
      services.close();
    }
  }
}
