package io.funes.server.metadata;

import java.util.UUID;

/** An id that was given to a broker that came without one. */
public record JoinedBroker(UUID token, int brokerId) {}
