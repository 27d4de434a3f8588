package io.funes.server.log;

/** Offsets that an appended batch got. */
public record Appended(long baseOffset, long lastOffset) {}
