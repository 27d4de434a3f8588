/**
 * Apache Kafka as a system under test: one KRaft node, or three. Compiled by build-tools/kafka
 * only.
 */
package io.funes.bench.kafka;
