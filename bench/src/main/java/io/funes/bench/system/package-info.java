/** What the workloads see of a system under test, and the parts that all back ends share. */
package io.funes.bench.system;
