package io.funes.bench.machine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What a process has used so far, from /proc. */
public record ProcessUsage(long pid) {
  /** USER_HZ, the unit of /proc/PID/stat: 100 on every Linux that Java runs on. */
  private static final double TICKS_PER_SECOND = 100;

  public static ProcessUsage ofThisProcess() {
    return new ProcessUsage(ProcessHandle.current().pid());
  }

  /** User and system time of all threads. */
  public double cpuSeconds() {
    return cpuSeconds(read("stat"));
  }

  /** Resident memory. */
  public double residentMegabytes() {
    return field("status", "VmRSS") / 1024.0;
  }

  /**
   * Bytes that went, or will go, to the disk: those of deleted files that were still in memory are
   * left out.
   */
  public double diskMegabytes() {
    return (field("io", "write_bytes") - field("io", "cancelled_write_bytes")) / 1048576.0;
  }

  static double cpuSeconds(String stat) {
    // The command in parentheses may hold anything; utime and stime are the 12th and 13th field
    // after it.
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) / TICKS_PER_SECOND;
  }

  private long field(String file, String name) {
    return read(file)
        .lines()
        .filter(line -> line.startsWith(name + ":"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
        .findFirst()
        .orElse(0);
  }

  private String read(String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
