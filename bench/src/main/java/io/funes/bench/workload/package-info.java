/**
 * What is measured. A workload runs in the client process, against one system, and returns figures.
 */
package io.funes.bench.workload;
