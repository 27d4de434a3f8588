/**
 * Heartbeats over gRPC, on the brokers' internal listeners, and the dial that finds out whether a
 * broker is gone.
 *
 * <p>Every broker serves {@link io.funes.server.controller.transport.ControllerGrpcService}: any
 * may become the controller.
 */
package io.funes.server.controller.transport;
