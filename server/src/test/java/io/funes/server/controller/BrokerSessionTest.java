package io.funes.server.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.controller.BrokerSession.Standing;
import io.funes.server.metadata.BrokerImage;
import io.funes.server.metadata.Commands;
import io.funes.server.metadata.MetadataCommand.RegisterBroker;
import io.funes.server.metadata.MetadataImage;
import io.funes.server.metadata.MetadataStateMachine;
import io.funes.server.metadata.MetadataVersion;
import io.funes.server.testing.ManualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** A broker whose fellow brokers 2 and 3 may be the controller. */
class BrokerSessionTest {
  private static final BrokerLife SELF = new BrokerLife(1, 5);
  private static final HeartbeatAnswer FENCED = new HeartbeatAnswer(1, 0, true, false);
  private static final HeartbeatAnswer SERVING = new HeartbeatAnswer(1, 0, false, false);

  private final ManualScheduler time = new ManualScheduler();
  private final List<Connection> connections = new ArrayList<>();
  private final List<Standing> told = new ArrayList<>();
  private MetadataImage image = image();
  private Optional<Integer> leader = Optional.of(2);
  private final BrokerSession session =
      new BrokerSession(
          SELF,
          () -> image,
          () -> leader,
          this::open,
          told::add,
          ControllerSettings.DEFAULT,
          time,
          time);

  @Test
  void brokerBeatsAndHearsWhatItIs() {
    session.start();
    assertThat(session.standing()).isEqualTo(Standing.FENCED);
    assertThat(newest().beats)
        .containsExactly(new Heartbeat(SELF, image.revision(), false, MetadataVersion.NEWEST));

    newest().answer(SERVING);
    assertThat(session.standing()).isEqualTo(Standing.SERVING);
    newest().answer(FENCED);
    newest().answer(FENCED);

    assertThat(told).containsExactly(Standing.SERVING, Standing.FENCED);
    assertThat(connections).hasSize(1);
  }

  @Test
  void servingBrokerBeatsAtTheIntervalAndAFencedOneMoreOften() {
    session.start();
    newest().answer(SERVING);
    time.advanceMs(50);
    newest().beats.clear();

    for (int ms = 0; ms < 3_000; ms += 50) {
      time.advanceMs(50);
      newest().answer(SERVING);
    }
    assertThat(newest().beats).hasSize(10);
    for (int ms = 0; ms < 3_000; ms += 50) {
      time.advanceMs(50);
      newest().answer(FENCED);
    }

    assertThat(newest().beats).hasSizeGreaterThan(60);
  }

  @Test
  void brokerFollowsTheControllerWhenItMoves() {
    session.start();
    newest().answer(SERVING);

    leader = Optional.of(3);
    time.advanceMs(300);

    assertThat(connections).hasSize(2);
    assertThat(connections.getFirst().closed).isTrue();
    assertThat(newest().to.id()).isEqualTo(3);
    assertThat(newest().beats).hasSize(1);
  }

  @Test
  void whoHearsNobodyAnyMoreStopsWithoutLeave() {
    session.start();
    newest().answer(SERVING);
    time.advanceMs(50);
    CompletableFuture<Void> mayStop = session.shutDown();
    leader = Optional.empty();

    time.advanceMs(ControllerSettings.DEFAULT.sessionMs() - 100);
    assertThat(mayStop).isNotDone();
    time.advanceMs(200);
    assertThat(mayStop).isCompleted();
  }

  @Test
  void formerControllerIsNotBelieved() {
    session.start();
    newest().answer(new HeartbeatAnswer(4, 0, false, false));
    Connection former = newest();
    leader = Optional.of(3);
    time.advanceMs(300);

    former.answer(new HeartbeatAnswer(4, 0, true, true));
    newest().answer(new HeartbeatAnswer(3, 0, true, true));

    assertThat(session.standing()).isEqualTo(Standing.SERVING);
  }

  @Test
  void streamThatEndedIsOpenedAgainBeforeTheNextBeat() {
    session.start();
    newest().answer(SERVING);
    time.advanceMs(50);
    newest().receiver.ended("reset");

    time.advanceMs(50);

    assertThat(connections).hasSize(2);
    assertThat(newest().beats).hasSize(1);
  }

  @Test
  void controllerThatRefusesEveryStreamIsNotAskedMoreAndMoreOften() {
    session.start();
    newest().answer(SERVING);

    for (int ms = 0; ms < 3_000; ms += 50) {
      newest().receiver.ended("refused");
      time.advanceMs(50);
    }

    assertThat(connections).hasSizeLessThan(70);
  }

  @Test
  void brokerKnowsWhoAnsweredLast() {
    session.start();
    assertThat(session.lastAnswer()).isEmpty();
    newest().answer(SERVING);
    time.advanceMs(300);
    newest().answer(SERVING);
    long heardNanos = time.nanos();

    leader = Optional.of(1);
    runSilently(900);

    assertThat(session.lastAnswer()).contains(new LastAnswer(2, heardNanos));
  }

  @Test
  void streamThatHangsIsReplaced() {
    session.start();
    newest().answer(SERVING);

    runSilently(2_400);

    assertThat(connections).hasSize(2);
    assertThat(connections.getFirst().closed).isTrue();
  }

  @Test
  void brokerThatNobodyAnswersKnowsThatItMayBeFenced() {
    session.start();
    newest().answer(SERVING);
    leader = Optional.empty();

    runSilently(1_900);
    assertThat(session.standing()).isEqualTo(Standing.SERVING);
    runSilently(500);
    assertThat(session.standing()).isEqualTo(Standing.UNHEARD);
    leader = Optional.of(3);
    time.advanceMs(300);
    newest().answer(SERVING);

    assertThat(told).containsExactly(Standing.SERVING, Standing.UNHEARD, Standing.SERVING);
  }

  /** It was fenced meanwhile, say, and has not heard of that: it would show readers an old log. */
  @Test
  void brokerThatWasUnheardServesWhenItHasAppliedWhatItMissed() {
    session.start();
    newest().answer(SERVING);
    leader = Optional.empty();
    runSilently(2_400);
    leader = Optional.of(3);
    time.advanceMs(300);

    long missed = image.revision() + 1;
    newest().answer(new HeartbeatAnswer(1, missed, false, false));
    assertThat(session.standing()).isEqualTo(Standing.UNHEARD);
    image = MetadataStateMachine.apply(image, Commands.register(4)).image();
    newest().answer(new HeartbeatAnswer(1, missed + 1, false, false));

    assertThat(session.standing())
        .as("later changes do not put it off")
        .isEqualTo(Standing.SERVING);
  }

  @Test
  void brokerStopsWhenItMay() {
    session.start();
    newest().answer(SERVING);
    CompletableFuture<Void> mayStop = session.shutDown();
    time.runReady();

    assertThat(newest().beats.getLast().wantsShutdown()).as("said at once").isTrue();
    newest().answer(SERVING);
    assertThat(mayStop).isNotDone();
    newest().answer(new HeartbeatAnswer(1, 0, false, true));

    assertThat(mayStop).isCompleted();
    session.close();
    assertThat(newest().closed).isTrue();
    time.advanceMs(10_000);
    assertThat(connections).hasSize(1);
  }

  @Test
  void controllerInTheSameProcessNeedsNoConnection() {
    Scene scene = new Scene();
    scene.controller.leading(1, Optional.empty());
    scene.register(1);
    leader = Optional.of(1);
    BrokerSession own =
        new BrokerSession(
            new BrokerLife(1, scene.broker(1).epoch()),
            () -> scene.image,
            () -> leader,
            new LocalHeartbeats(1, scene.controller, this::open),
            told::add,
            ControllerSettings.DEFAULT,
            scene.time,
            scene.time);

    own.start();
    scene.run(300);
    assertThat(scene.fenced(1)).isFalse();
    assertThat(own.standing()).isEqualTo(Standing.SERVING);
    CompletableFuture<Void> mayStop = own.shutDown();
    scene.run(300);

    assertThat(mayStop).isCompleted();
    assertThat(connections).isEmpty();
  }

  private void runSilently(long ms) {
    for (long passed = 0; passed < ms; passed += 50) {
      time.advanceMs(50);
    }
  }

  private Connection newest() {
    return connections.getLast();
  }

  private HeartbeatChannel.Stream open(BrokerImage to, HeartbeatChannel.Receiver receiver) {
    Connection connection = new Connection(to, receiver);
    connections.add(connection);
    return connection;
  }

  private static MetadataImage image() {
    MetadataImage image = MetadataImage.EMPTY;
    for (int id = 1; id <= 3; id++) {
      RegisterBroker register =
          new RegisterBroker(
              id,
              new UUID(id, 0),
              "host-%d:1942".formatted(id),
              "host-%d:1943".formatted(id),
              Optional.empty(),
              Optional.empty(),
              true);
      image = MetadataStateMachine.apply(image, register).image();
    }
    return image;
  }

  private static final class Connection implements HeartbeatChannel.Stream {
    private final BrokerImage to;
    private final HeartbeatChannel.Receiver receiver;
    private final List<Heartbeat> beats = new ArrayList<>();
    private boolean closed;

    Connection(BrokerImage to, HeartbeatChannel.Receiver receiver) {
      this.to = to;
      this.receiver = receiver;
    }

    void answer(HeartbeatAnswer answer) {
      receiver.answered(answer);
    }

    @Override
    public void send(Heartbeat beat) {
      assertThat(closed).isFalse();
      beats.add(beat);
    }

    @Override
    public void close() {
      closed = true;
    }
  }
}
