package io.funes.server.metadata;

/**
 * Hears of every change, in log order, before the command's submitter gets its answer. Called by
 * the one thread that applies the log: it must be quick and must not throw (the broker stops if it
 * does).
 */
@FunctionalInterface
public interface MetadataListener {
  void changed(MetadataImage image, MetadataDelta delta);
}
