package io.funes.server.controller;

/** A broker in one of its lives: each registration of another process gives a higher epoch. */
public record BrokerLife(int brokerId, long epoch) {}
