package io.funes.server.controller;

/** Who answered a broker's heartbeat last, and when. */
public record LastAnswer(int controllerId, long nanos) {}
