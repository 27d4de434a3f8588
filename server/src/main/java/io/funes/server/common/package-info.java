/**
 * The words every other package speaks: names, ids, errors, time; and what several of them need of
 * the system. Imports nothing of the broker.
 */
package io.funes.server.common;
