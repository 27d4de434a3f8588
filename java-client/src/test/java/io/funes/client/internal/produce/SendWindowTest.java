package io.funes.client.internal.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.client.ErrorReason;
import io.funes.client.Failure;
import io.funes.client.ProducerRecord;
import io.funes.client.UnavailableException;
import io.funes.client.internal.record.RecordEncoder;
import io.funes.client.internal.transport.Ticker;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A window with one batch in it. */
final class SendWindowTest {
  private static final byte[] FIELDS = {};

  private final UnavailableException notLeader =
      new UnavailableException(
          new Failure(ErrorReason.NOT_LEADER, "ask broker 2", true, null), Duration.ZERO);
  private final SendWindow window = new SendWindow(0, FIELDS, ProducerIdentity.random());
  private final ProduceBatch batch = batch();

  SendWindowTest() {
    window.add(batch);
    window.seal(batch);
  }

  private static ProduceBatch batch() {
    ProducerRecord record = ProducerRecord.to("t").value("v").build();
    ProduceBatch batch =
        new ProduceBatch(0, new byte[512], ProduceBatch.room(FIELDS), Ticker.SYSTEM);
    batch.append(record, (int) RecordEncoder.size(record), null);
    return batch;
  }

  private void sendAndRefuse(int times) {
    for (int i = 0; i < times; i++) {
      assertThat(window.next(0)).isSameAs(batch);
      assertThat(window.answered(batch.correlationId)).isSameAs(batch);
      assertThat(window.refused(batch, notLeader, 0)).isEqualTo(SendWindow.Verdict.AGAIN);
    }
  }

  @Test
  void theWaitGrowsWithEachRefusal() {
    sendAndRefuse(3);
    assertThat(batch.attemptsThisWay).isEqualTo(3);
  }

  @Test
  void atAnotherBrokerTheWaitBeginsAnew() {
    sendAndRefuse(3);
    window.waitNoLonger();
    sendAndRefuse(1);
    assertThat(batch.attemptsThisWay).isEqualTo(1);
    assertThat(batch.attempts).isEqualTo(4);
  }

  @Test
  void whatIsRefusedWaitsForItsTime() {
    assertThat(window.next(0)).isSameAs(batch);
    window.answered(batch.correlationId);
    window.refused(batch, notLeader, 1_000);
    assertThat(window.next(999)).isNull();
    assertThat(window.next(1_000)).isSameAs(batch);
  }
}
