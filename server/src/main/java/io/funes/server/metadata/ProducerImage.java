package io.funes.server.metadata;

/** A named producer and the epoch of its newest instance. */
public record ProducerImage(String name, long producerId, int epoch) {}
