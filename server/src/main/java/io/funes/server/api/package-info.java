/**
 * One class per gRPC service: a method checks the form, calls the broker, and translates the
 * answer.
 */
package io.funes.server.api;
