/**
 * The words every other package speaks: names, ids, errors, time. Imports nothing of the broker.
 */
package io.funes.server.common;
