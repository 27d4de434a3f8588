package io.funes.server.controller;

/**
 * How patient a controller is.
 *
 * @param beatMs a broker is heard at least so often
 * @param sessionMs one that is not heard for so long is fenced
 * @param tickMs how often the controller looks at all of them
 * @param shutdownMsMax a broker that wants to stop may do so after this, whatever it leads
 * @param preferredLeadersMs time between two looks at who should lead
 * @param calmMs so long no broker came or went before leaders are moved for balance
 */
public record ControllerSettings(
    long beatMs,
    long sessionMs,
    long tickMs,
    long shutdownMsMax,
    long preferredLeadersMs,
    long calmMs) {
  public static final ControllerSettings DEFAULT =
      new ControllerSettings(300, 2_000, 100, 30_000, 300_000, 30_000);

  /** A shorter session needs a faster beat, so that a few of them may be lost. */
  public ControllerSettings withSessionMs(long newSessionMs) {
    return new ControllerSettings(
        Math.min(beatMs, newSessionMs / 5),
        newSessionMs,
        tickMs,
        shutdownMsMax,
        preferredLeadersMs,
        calmMs);
  }
}
