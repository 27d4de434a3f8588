/**
 * From file, environment and flags to the records that the broker is built from. {@link
 * io.funes.server.config.ConfigKeys} is the table of keys; {@code docs/configuration.md} shows it
 * and is tested against it.
 */
package io.funes.server.config;
