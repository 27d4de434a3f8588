/**
 * What the broker counts: the port {@link io.funes.server.metrics.Metrics}, and its Prometheus
 * side.
 */
package io.funes.server.metrics;
