/**
 * Funes as a system under test: the broker as users start it, the Java client, and generated stubs
 * for unary calls.
 */
package io.funes.bench.funes;
