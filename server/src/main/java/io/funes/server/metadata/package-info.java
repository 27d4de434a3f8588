/**
 * What the cluster agrees on: brokers, topics with their partitions and who leads them, producers.
 * Pure: no clock, no thread, no I/O.
 *
 * <p>{@link io.funes.server.metadata.MetadataCommand}s come in the order of a log; {@link
 * io.funes.server.metadata.MetadataStateMachine} applies each to the {@link
 * io.funes.server.metadata.MetadataImage} and gives the next image, what changed, and an {@link
 * io.funes.server.metadata.Outcome}. Every broker applies the same log and must get the same
 * images, in every release, so:
 *
 * <ul>
 *   <li>ids, times and limits stand in the command; nothing is drawn or read from a broker's config
 *       while applying;
 *   <li>what depends on the command alone ({@link io.funes.server.metadata.CommandForm}: ranges,
 *       config values) is checked before it is logged, since those rules change between releases;
 *       what depends on the image is decided while applying;
 *   <li>replicas are placed while applying: only there is the image the one that the topic is added
 *       to, however many commands are under way. {@link io.funes.server.metadata.ReplicaPlacement}
 *       is therefore part of the log's meaning: another placement is another command version.
 * </ul>
 *
 * <h2>Who leads</h2>
 *
 * A command about a broker ({@link io.funes.server.metadata.BrokerLifecycle}), about in-sync
 * replicas ({@link io.funes.server.metadata.InSyncChanges}), about leaders ({@link
 * io.funes.server.metadata.Elections}) or replicas ({@link io.funes.server.metadata.Reassignments})
 * says of each partition what it wants; {@link io.funes.server.metadata.PartitionChange} draws the
 * consequences, all in the same step. So no image shows a leader that is fenced, or a partition
 * without a leader where one could be had. The rules, each with its test, are in {@code
 * docs/replication.md}.
 *
 * <h2>Bytes</h2>
 *
 * Commands, outcomes and images have a small binary form: a kind byte, a version byte, then the
 * fields in the order that the codecs show: big-endian numbers, strings as length and UTF-8,
 * collections as count and elements. A new field is appended under the next {@link
 * io.funes.server.metadata.MetadataVersion}; a reader takes all versions up to its own and refuses
 * higher ones, and a writer keeps to the one that the image says all brokers can read. Not
 * protobuf, because a broker that skips a field it does not know would apply the command
 * differently from the others and never notice.
 */
package io.funes.server.metadata;
