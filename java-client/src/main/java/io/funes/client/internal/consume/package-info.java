/**
 * A record's way in: {@code FrameMarshaller} copies a message into a pooled array, {@code Reader}
 * queues the {@code Frame}; above, {@code BatchDecoder} checks each batch once, {@code BatchView}
 * reads its records in place, and {@code Consumer.poll} copies them. {@code Assignment} knows where
 * each partition stands, {@code Places} asks the broker for what has no offset yet.
 */
package io.funes.client.internal.consume;
