package io.funes.server.controller;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.controller.Probe.Answer;
import io.funes.server.metadata.BrokerImage;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class DeathWatchTest {
  private final List<String> dials = new ArrayList<>();
  private final List<Integer> deaths = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();
  private Answer answer = Answer.REFUSED;
  private HeartbeatChannel.Receiver stream;
  private final DeathWatch watch = new DeathWatch(this::openStream, this::dial, deaths::add);

  @Test
  void brokenStreamAndARefusedDialAreADeath() {
    open();

    stream.ended("reset");

    assertThat(dials).containsExactly("host:1943");
    assertThat(deaths).containsExactly(2);
    assertThat(heard).containsExactly("ended");
  }

  @Test
  void brokenStreamAloneIsNone() {
    for (Answer other : new Answer[] {Answer.REACHED, Answer.UNKNOWN}) {
      answer = other;
      open();
      stream.ended("reset");
    }

    assertThat(deaths).isEmpty();
  }

  @Test
  void streamThatThisBrokerClosedIsNone() {
    HeartbeatChannel.Stream mine = open();
    stream.answered(new HeartbeatAnswer(1, 0, false, false));

    mine.close();

    assertThat(dials).isEmpty();
    assertThat(heard).containsExactly("answered", "ended");
  }

  private HeartbeatChannel.Stream open() {
    return watch.open(
        new BrokerImage(
            2,
            new UUID(2, 0),
            "host:1942",
            "host:1943",
            Optional.empty(),
            5,
            false,
            false,
            false,
            0),
        new HeartbeatChannel.Receiver() {
          @Override
          public void answered(HeartbeatAnswer given) {
            heard.add("answered");
          }

          @Override
          public void ended(String why) {
            heard.add("ended");
          }
        });
  }

  private HeartbeatChannel.Stream openStream(
      BrokerImage controller, HeartbeatChannel.Receiver receiver) {
    stream = receiver;
    return new HeartbeatChannel.Stream() {
      @Override
      public void send(Heartbeat beat) {}

      @Override
      public void close() {
        receiver.ended("closed");
      }
    };
  }

  private CompletableFuture<Answer> dial(String address) {
    dials.add(address);
    return CompletableFuture.completedFuture(answer);
  }
}
