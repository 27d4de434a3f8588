package io.funes.server.replication;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.server.common.PartitionId;
import io.funes.server.common.TopicId;
import io.funes.server.testing.ManualScheduler;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class FlushQueueTest {
  private final ManualScheduler disk = new ManualScheduler();
  private final FlushQueue queue = new FlushQueue(disk);
  private final List<Integer> flushed = new ArrayList<>();

  private record Partition(int number, Runnable work) implements FlushQueue.Flushed {
    @Override
    public PartitionId id() {
      return new PartitionId(new TopicId(new UUID(1, 2)), number);
    }

    @Override
    public void flush() {
      work.run();
    }
  }

  @Test
  void partitionsThatComeWhileTheDiskIsBusyAreFlushedOnceEach() {
    Partition first = new Partition(1, () -> flushed.add(1));
    Partition second = new Partition(2, () -> flushed.add(2));

    queue.add(first);
    queue.add(second);
    queue.add(first);
    disk.runReady();

    assertThat(flushed).containsExactly(1, 2);
  }

  @Test
  void aPartitionThatFailsInAnyWayDoesNotHoldUpTheOthers() {
    queue.add(
        new Partition(
            1,
            () -> {
              throw new StackOverflowError("deep");
            }));
    queue.add(new Partition(2, () -> flushed.add(2)));
    disk.runReady();

    queue.add(new Partition(3, () -> flushed.add(3)));
    disk.runReady();

    assertThat(flushed).containsExactly(2, 3);
  }
}
