package io.funes.server.record;

/** What a topic asks of the records it takes. */
public record BodyRules(int recordBytesMax, int bodyBytesMax, boolean keyRequired) {}
