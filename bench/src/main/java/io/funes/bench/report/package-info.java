/** Runs, pairs of runs, and the table made of them. Pure but for the results file. */
package io.funes.bench.report;
