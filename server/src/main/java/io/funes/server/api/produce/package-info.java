/**
 * The produce path from the received bytes to the partition. A request is staged once in a buffer
 * of its thread, checked and completed there, and written to the log from there.
 */
package io.funes.server.api.produce;
