/**
 * A record's way out: {@code Producer.send} chooses the partition, {@code PartitionQueue} encodes
 * into the open {@code ProduceBatch}, whoever fills it seals it, {@code SendWindow} says which
 * batch may go under which number, {@code ProduceSender} lets the {@code ProduceLane} to the
 * partition's leader hand it to its {@code ProduceStream}. Answers come back through {@code
 * ProduceSender} to the queue and from there to the callbacks. Appends at an expected offset go
 * past all this, in {@code ConditionalAppends}.
 */
package io.funes.client.internal.produce;
