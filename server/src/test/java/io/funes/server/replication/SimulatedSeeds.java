package io.funes.server.replication;

/** Runs simulations, one seed after the other. */
public final class SimulatedSeeds {
  private static final int SECONDS = 20;

  private SimulatedSeeds() {}

  /**
   * Answers how many records were acknowledged; throws at the first seed that fails and says how to
   * run that one again.
   */
  public static long run(long first, int count) {
    long acknowledged = 0;
    for (long seed = first; seed < first + count; seed++) {
      Simulation simulation = Simulation.seeded(seed);
      try {
        simulation.begin().run(SECONDS);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "seed %d at %.6f s; run it again with -Dfunes.seed=%d -Dfunes.seeds=1"
                .formatted(seed, simulation.time.nanos() / 1e9, seed),
            e);
      }
      acknowledged += simulation.history.acknowledgedCount();
    }
    return acknowledged;
  }
}
