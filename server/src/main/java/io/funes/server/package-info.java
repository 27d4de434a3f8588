/** The broker of Funes, a distributed commit log whose native protocol is gRPC. */
package io.funes.server;
