package io.funes.server.log;

/** A record's place and time. */
public record TimedOffset(long offset, long timestampMs) {}
