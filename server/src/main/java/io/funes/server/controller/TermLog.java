package io.funes.server.controller;

import io.funes.server.metadata.MetadataCommand;
import io.funes.server.metadata.Outcome;
import java.util.concurrent.CompletableFuture;

/** The metadata log, for commands that count in one term only. */
@FunctionalInterface
public interface TermLog {
  /** Fails when the term is over. The answer comes when the image has the command's effect. */
  CompletableFuture<Outcome> submit(MetadataCommand command, long term);
}
