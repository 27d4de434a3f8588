/**
 * Calls that came to a broker that does not lead: on to the one that does, once.
 *
 * <p>{@link io.funes.server.routing.Routes} knows where leaders are reached and keeps a connection
 * to each. Appends go on partition by partition ({@link io.funes.server.routing.AppendForward}, for
 * a stream {@link io.funes.server.routing.AppendStreams}); reads as a whole where one broker leads
 * all they touch, else in one part per leader ({@link io.funes.server.routing.ReadForward}). A call
 * that is sent on carries {@code funes-forwarded}, which forbids a second hop, and the metadata and
 * deadline of its caller; its answer names the leader in the trailer {@code funes-leader}.
 */
package io.funes.server.routing;
