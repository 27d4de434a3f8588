/** {@code funes cluster}: shows a cluster, and moves partitions between its brokers. */
package io.funes.cli.cluster;
