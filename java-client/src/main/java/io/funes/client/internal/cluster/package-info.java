/**
 * Which broker leads which partition, and the ways to them. {@code Cluster} watches what a broker
 * tells of it, folds that into a {@code ClusterView}, and answers with the {@code Way} to a
 * partition: by a {@code Door}, which is the leader's own where that can be reached, and else
 * whichever broker can be, since each passes on what another one leads.
 */
package io.funes.client.internal.cluster;
