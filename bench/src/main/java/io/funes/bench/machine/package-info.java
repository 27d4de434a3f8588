/**
 * The machine: processor time of processes, page cache, and whether others keep it busy. Linux
 * only.
 */
package io.funes.bench.machine;
