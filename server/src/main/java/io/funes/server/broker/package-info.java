/** Builds, starts and stops a broker. No logic; the only package that sees all others. */
package io.funes.server.broker;
