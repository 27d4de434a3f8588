/**
 * The fetch path: long polls and pushed streams, sending slices of segment files without decoding
 * them.
 */
package io.funes.server.api.fetch;
