package io.funes.server.controller;

/** One life of a broker, as the controller hears it. */
final class Session {
  private static final long NEVER = -1;

  private final long epoch;
  private boolean fenced;
  private long silentNanos;
  private long appliedRevision = NEVER;
  private boolean broken;
  private boolean refused;
  private boolean dialling;
  private int breaks;
  private boolean wantsShutdown;
  private long shutdownWantedNanos;
  private long handedOverRevision = NEVER;
  private int metadataVersion;

  Session(long epoch, boolean fenced) {
    this.epoch = epoch;
    this.fenced = fenced;
  }

  long epoch() {
    return epoch;
  }

  void heard(Heartbeat beat, long nowNanos) {
    silentNanos = 0;
    broken = false;
    refused = false;
    appliedRevision = Math.max(appliedRevision, beat.appliedRevision());
    metadataVersion = beat.metadataVersion();
    if (beat.wantsShutdown() && !wantsShutdown) {
      wantsShutdown = true;
      shutdownWantedNanos = nowNanos;
    }
  }

  /** One that takes part now had nothing to say before, and has a whole session to be heard. */
  void is(boolean nowFenced) {
    if (fenced && !nowFenced) {
      silentNanos = 0;
    }
    fenced = nowFenced;
  }

  /** Time in which it could have been heard. */
  void passed(long nanos) {
    silentNanos += nanos;
  }

  void broke() {
    broken = true;
    breaks++;
  }

  /** Its stream broke and has not come back, and nobody is finding out why. */
  boolean toBeDialled() {
    return broken && !refused && !dialling;
  }

  int dial() {
    dialling = true;
    return breaks;
  }

  void dialled(int aboutBreaks, Probe.Answer answer) {
    dialling = false;
    refused = broken && aboutBreaks == breaks && answer == Probe.Answer.REFUSED;
  }

  boolean refused() {
    return refused;
  }

  boolean timedOut(long sessionNanos) {
    return silentNanos >= sessionNanos;
  }

  /** It is there, and knows of its own registration. */
  boolean caughtUp(long sessionNanos) {
    return !broken && !timedOut(sessionNanos) && appliedRevision >= epoch;
  }

  boolean hasApplied(long revision) {
    return appliedRevision >= revision;
  }

  /** That it can read; 0 before it was heard. */
  int metadataVersion() {
    return metadataVersion;
  }

  boolean wantsShutdown() {
    return wantsShutdown;
  }

  boolean wantedShutdownFor(long nanos, long nowNanos) {
    return wantsShutdown && nowNanos - shutdownWantedNanos >= nanos;
  }

  /** From which revision on it has nothing to hand over, of those that it was asked about. */
  long handedOverAt(long revision) {
    if (handedOverRevision == NEVER) {
      handedOverRevision = revision;
    }
    return handedOverRevision;
  }

  void leadsStill() {
    handedOverRevision = NEVER;
  }
}
