/**
 * The floor: opaque batches through grpc-java into a file and back, with a CRC on both sides and no
 * log around it. What a broker on the same transport could reach at most.
 */
package io.funes.bench.pipe;
