/** Benchmarks of Funes: JMH per package, and workloads from end to end. */
package io.funes.bench;
