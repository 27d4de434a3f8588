package io.funes.bench.machine;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The kernel's memory for files. */
public final class PageCache {
  private static final long DIRTY_KILOBYTES_MAX = 50 << 10;
  private static final long SETTLE_LIMIT_NANOS = TimeUnit.SECONDS.toNanos(30);
  // Two heaps, and the files.
  private static final long TOUCHED_MEGABYTES = 3 << 10;
  private static final Path MEMORY_FACTS = Path.of("/proc/meminfo");

  private PageCache() {}

  /** Writes what is to be written, so that a run does not pay for the one before. */
  public static void settle() throws IOException, InterruptedException {
    long start = System.nanoTime();
    new ProcessBuilder("sync").start().waitFor();
    while (kilobytes("Dirty") > DIRTY_KILOBYTES_MAX
        && System.nanoTime() - start < SETTLE_LIMIT_NANOS) {
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100));
    }
  }

  /**
   * Touches as much free memory as a run needs, in a process that ends at once. The first write to
   * a page of a virtual machine costs more than ten times the next, the host takes free pages back
   * within seconds, and whoever runs then would pay.
   */
  public static void touchFreeMemory() throws IOException, InterruptedException {
    new ProcessBuilder(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xms" + TOUCHED_MEGABYTES + "m",
                "-Xmx" + TOUCHED_MEGABYTES + "m",
                "-XX:+UseParallelGC",
                "-XX:+AlwaysPreTouch",
                "-version"))
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }

  public static String totalMemory() {
    return (kilobytesOrZero("MemTotal") >> 20) + " GiB";
  }

  private static long kilobytesOrZero(String name) {
    try {
      return kilobytes(name);
    } catch (IOException e) {
      return 0;
    }
  }

  private static long kilobytes(String name) throws IOException {
    for (String line : Files.readAllLines(MEMORY_FACTS)) {
      if (line.startsWith(name + ":")) {
        return Long.parseLong(line.replaceAll("[^0-9]", ""));
      }
    }
    throw new IOException(MEMORY_FACTS + " has no " + name);
  }
}
