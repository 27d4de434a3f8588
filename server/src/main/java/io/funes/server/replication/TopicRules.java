package io.funes.server.replication;

import io.funes.server.record.BodyRules;

/** What a topic's config asks of its partitions, in the form the hot path reads. */
public record TopicRules(
    BodyRules body, boolean appendTime, FlushPolicy flush, long flushIntervalMs, int minInSync) {}
