package io.funes.server.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.MetadataCommand.FenceBroker;
import io.funes.server.metadata.MetadataCommand.UnfenceBroker;
import io.funes.server.metadata.MetadataCommand.UnregisterBroker;
import io.funes.server.testing.MemoryMetadataLog;
import io.grpc.ManagedChannel;
import io.grpc.inprocess.InProcessChannelBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Connections of broker 0 to broker 1. */
class RoutesTest {
  private static final Leader ONE = new Leader(1, "one:1", "one:2");

  /** Where one was. */
  private static final Leader FOUR = new Leader(4, ONE.address(), ONE.internalAddress());

  private final MemoryMetadataLog metadata = new MemoryMetadataLog();
  private final List<ManagedChannel> made = new ArrayList<>();
  private final Routes routes = new Routes(0, this::connect);

  private ManagedChannel connect(String address) {
    ManagedChannel channel = InProcessChannelBuilder.forName(address).build();
    made.add(channel);
    return channel;
  }

  @BeforeEach
  void register() {
    metadata.subscribe(routes);
    submit(Commands.register(1, new UUID(1, 0), ONE.address(), ONE.internalAddress()));
  }

  @AfterEach
  void close() {
    made.forEach(ManagedChannel::shutdownNow);
  }

  private void submit(MetadataCommand command) {
    metadata.submit(command).join().orThrow();
  }

  private BrokerImage one() {
    return metadata.image().broker(1).orElseThrow();
  }

  @Test
  void connectionStandsReadyForABrokerThatTakesPart() {
    submit(new UnfenceBroker(1, one().epoch()));

    assertThat(made).hasSize(1);
    assertThat(routes.channel(ONE)).isSameAs(made.getFirst());
  }

  @Test
  void connectionToABrokerThatIsFencedEndsAndAnotherIsMadeWhenItIsBack() {
    submit(new UnfenceBroker(1, one().epoch()));

    submit(new FenceBroker(1, one().epoch()));

    assertThat(made.getFirst().isShutdown()).isTrue();
    submit(new UnfenceBroker(1, one().epoch()));
    assertThat(((ManagedChannel) routes.channel(ONE)).isShutdown()).isFalse();
  }

  /** The call has found the leader before the fencing, and goes to it after. */
  @Test
  void callThatComesLateToABrokerThatIsFencedEndsToo() {
    submit(new UnfenceBroker(1, one().epoch()));
    submit(new FenceBroker(1, one().epoch()));

    assertThat(((ManagedChannel) routes.channel(ONE)).isShutdown()).isTrue();
  }

  @Test
  void whatBecomesOfABrokerDoesNotTouchTheOneThatTookOverItsAddress() {
    submit(new UnfenceBroker(1, one().epoch()));
    submit(new FenceBroker(1, one().epoch()));
    submit(Commands.register(4, new UUID(4, 0), FOUR.address(), FOUR.internalAddress()));
    ManagedChannel channel = (ManagedChannel) routes.channel(FOUR);

    assertThat(routes.channel(ONE)).isSameAs(channel); // A call comes late.
    submit(new UnregisterBroker(1, one().epoch()));

    assertThat(channel.isShutdown()).isFalse();
  }

  @Test
  void connectionStaysWhereTheBrokerIsFencedOnlyAfterAnotherTookOverItsAddress() {
    submit(new UnfenceBroker(1, one().epoch()));
    submit(Commands.register(4, new UUID(4, 0), FOUR.address(), FOUR.internalAddress()));

    submit(new FenceBroker(1, one().epoch()));

    assertThat(((ManagedChannel) routes.channel(FOUR)).isShutdown()).isFalse();
    assertThat(made).hasSize(1);
  }
}
