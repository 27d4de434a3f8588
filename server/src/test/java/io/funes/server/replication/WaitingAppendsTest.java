package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.ErrorCode;
import io.funes.server.common.Refusal;
import io.funes.server.replication.WaitingAppends.WaitingAppend;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Three appends wait, and the connection of the second one fails. */
class WaitingAppendsTest {
  private final WaitingAppends waiting = new WaitingAppends();
  private final List<String> answers = new ArrayList<>();

  @BeforeEach
  void append() {
    for (int offset = 0; offset < 3; offset++) {
      waiting.add(new WaitingAppend(offset, offset, 0, false, new Answered(offset)));
    }
  }

  private final class Answered implements AppendCallback {
    private final int number;

    Answered(int number) {
      this.number = number;
    }

    @Override
    public void appended(
        long baseOffset, long lastOffset, long appendTimeMs, boolean deduplicated) {
      answer("at " + baseOffset);
    }

    @Override
    public void refused(Refusal refusal) {
      answer(number + " " + refusal.code());
    }

    private void answer(String answer) {
      if (number == 1) {
        throw new IllegalStateException("the connection's fault");
      }
      answers.add(answer);
    }
  }

  @Test
  void theOthersAreAcknowledged() {
    waiting.completeBelow(2);
    assertThat(answers).containsExactly("at 0");

    waiting.completeBelow(3);
    assertThat(answers).containsExactly("at 0", "at 2");
  }

  @Test
  void theOthersAreRefused() {
    waiting.refuse(Refusal.of(ErrorCode.NOT_LEADER, "another one leads"));

    assertThat(answers).containsExactly("0 NOT_LEADER", "2 NOT_LEADER");
  }
}
