/**
 * The way to the brokers: {@code Connection} with its one I/O thread, the list of servers, what is
 * done between attempts, the arrays that messages are built in, and the table from the broker's
 * statuses to this client's exceptions.
 */
package io.funes.client.internal.transport;
