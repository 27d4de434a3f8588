/**
 * The calls between the brokers of the metadata quorum, over gRPC on their internal listeners.
 *
 * <p>Whoever builds that listener must let a message of {@link
 * io.funes.server.metadata.transport.RaftGrpcService#MESSAGE_BYTES_MAX} in, and pings as often as
 * {@link io.funes.server.metadata.transport.GrpcRaftChannel#KEEP_ALIVE_SECONDS}.
 */
package io.funes.server.metadata.transport;
