package io.funes.server.metadata.raft;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.ratis.proto.RaftProtos.LogEntryProto;
import org.apache.ratis.proto.RaftProtos.RoleInfoProto;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What Ratis reports when something breaks underneath it, where that cannot be provoked from above.
 */
class RatisStateMachineTest {
  private final List<Throwable> fatal = new ArrayList<>();
  private final RatisStateMachine machine = new RatisStateMachine(fatal::add);

  @BeforeEach
  void use() {
    machine.beginUse();
  }

  @Test
  void failedLogWriteEndsTheProcessOnce() {
    machine.notifyLogFailed(
        new IOException("No space left on device"), LogEntryProto.getDefaultInstance());
    machine.notifyServerShutdown(RoleInfoProto.getDefaultInstance(), true);
    machine.close();

    assertThat(fatal).hasSize(1);
    assertThat(fatal.getFirst())
        .hasMessageContaining("cannot be written")
        .hasRootCauseMessage("No space left on device");
    assertThatThrownBy(() -> machine.leaderReady().join())
        .hasRootCauseMessage("No space left on device");
  }

  @Test
  void serverThatRatisStoppedEndsTheProcess() {
    machine.notifyServerShutdown(RoleInfoProto.getDefaultInstance(), false);

    assertThat(fatal).hasSize(1);
  }

  @Test
  void stateMachineThatRatisClosedEndsTheProcess() {
    machine.close();

    assertThat(fatal).hasSize(1);
  }

  @Test
  void wantedEndIsNone() {
    machine.expectEnd();
    machine.close();
    machine.notifyServerShutdown(RoleInfoProto.getDefaultInstance(), true);

    assertThat(fatal).isEmpty();
  }

  @Test
  void endBeforeItIsInUseIsToldToWhoAwaitsIt() {
    RatisStateMachine starting = new RatisStateMachine(fatal::add);
    starting.removed();
    starting.close();

    assertThatThrownBy(() -> starting.leaderReady().join())
        .hasRootCauseInstanceOf(RemovedException.class);
    assertThat(fatal).isEmpty();

    starting.beginUse();

    assertThat(fatal).hasSize(1);
  }
}
