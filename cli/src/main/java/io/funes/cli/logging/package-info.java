/**
 * The log of the broker, set up in code: reading a configuration file would take longer than
 * starting the rest.
 */
package io.funes.cli.logging;
