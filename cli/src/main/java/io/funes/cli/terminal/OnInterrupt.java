package io.funes.cli.terminal;

/** Something to do when the process is told to end (Ctrl-C, SIGTERM) before it ends. */
public final class OnInterrupt {
  /** What may be interrupted. */
  @FunctionalInterface
  public interface Work<T, X extends Exception> {
    T run() throws X;
  }

  private OnInterrupt() {}

  /** Does the work; told to end meanwhile, the process runs the action first. */
  public static <T, X extends Exception> T run(Runnable action, Work<T, X> work) throws X {
    Thread hook = new Thread(action, "on-interrupt");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.run();
    } finally {
      remove(hook);
    }
  }

  private static void remove(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It runs already, and the process ends behind it.
    }
  }
}
