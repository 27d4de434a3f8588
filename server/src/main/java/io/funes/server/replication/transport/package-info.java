/**
 * The streams between followers and leaders, over gRPC on the brokers' internal listeners: {@link
 * io.funes.server.replication.transport.GrpcReplicaConnector} opens them, {@link
 * io.funes.server.replication.transport.GrpcReplicaService} takes them.
 *
 * <p>Whoever builds that listener must give it an executor, since calls come on it and wait for
 * locks and disks; must add {@link io.funes.server.replication.transport.ConnectionProbes}; and at
 * its end must cut off the calls that are under way, since these never end by themselves.
 */
package io.funes.server.replication.transport;
