package io.funes.server.metadata;

/**
 * Which bytes the brokers of a cluster may write: no more than all of them can read. It rises by
 * itself when the last one runs a release that knows the next version, and never falls.
 */
public final class MetadataVersion {
  /** What every release can read. */
  static final int BASE = 2;

  /** Brokers may be read-only, and versions are agreed on. */
  public static final int READ_ONLY_BROKERS = 3;

  /** Of this release. */
  public static final int NEWEST = READ_ONLY_BROKERS;

  private MetadataVersion() {}
}
