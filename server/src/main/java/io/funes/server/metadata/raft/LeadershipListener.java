package io.funes.server.metadata.raft;

/**
 * Hears whether this broker leads the metadata log, on a thread of its own, in order. Late by
 * nature: what a leader does must carry the term, see {@link RatisMetadataLog#submit(
 * io.funes.server.metadata.MetadataCommand, long)}.
 */
public interface LeadershipListener {
  /** This broker leads, and all that was committed before is in its image. */
  void leading(long term);

  /** It does so no longer. */
  void following();
}
