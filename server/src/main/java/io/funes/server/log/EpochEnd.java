package io.funes.server.log;

/** A leader epoch and the offset after its last batch. */
public record EpochEnd(int epoch, long endOffset) {}
