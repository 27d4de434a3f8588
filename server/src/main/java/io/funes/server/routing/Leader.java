package io.funes.server.routing;

/**
 * A broker that leads.
 *
 * @param address HOST:PORT that clients reach it at, and are told
 * @param internalAddress HOST:PORT that brokers reach it at
 */
record Leader(int brokerId, String address, String internalAddress) {}
