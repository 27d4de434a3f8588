package io.funes.server.routing;

/** A broker that leads, and the HOST:PORT that clients reach it at. */
record Leader(int brokerId, String address) {}
