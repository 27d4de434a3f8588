/**
 * The metadata log on Apache Ratis, whose only importer this is. A single broker is a quorum of one
 * voter and runs the same code as a cluster: {@link io.funes.server.metadata.raft.RatisMetadataLog}
 * is the way in.
 *
 * <p>Brokers speak to each other through {@link io.funes.server.metadata.raft.RaftChannel} and
 * {@link io.funes.server.metadata.raft.RaftHandler}: Ratis' own messages as they are, and commands
 * and changes of the members, which {@link io.funes.server.metadata.raft.LeaderCalls} brings to the
 * leader from wherever they come.
 *
 * <p>Layout of the folder: {@code <group id>/current} holds Ratis' log and votes, {@code <group
 * id>/sm} the snapshots {@code snapshot.<term>_<index>} with their MD5 beside them. A snapshot is
 * the image as {@link io.funes.server.metadata.ImageCodec} writes it; the log is purged behind it.
 * The group's id is the cluster's. {@code invited} is the mark of {@link
 * io.funes.server.metadata.raft.Door}.
 */
package io.funes.server.metadata.raft;
