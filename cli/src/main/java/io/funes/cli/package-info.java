/** The {@code funes} command: starts a broker, and talks to one. */
package io.funes.cli;
