/**
 * The Java client of Funes: {@link io.funes.client.Producer}, {@link io.funes.client.Consumer} and
 * {@link io.funes.client.Admin}. No type of gRPC or protobuf stands in a public signature. All
 * threads are daemons whose names begin with {@code funes-client-}; each client has one, for its
 * I/O.
 *
 * <p>Make one of each and use it as long as the process lives:
 *
 * <pre>{@code
 * try (Producer producer = Producer.builder().server("127.0.0.1:1942").build();
 *     Consumer consumer = Consumer.builder().server("127.0.0.1:1942").build()) {
 *   ProducerRecord hello = ProducerRecord.to("greetings").key("en").value("hello").build();
 *   RecordPosition position = producer.send(hello).join();
 *
 *   consumer.assign(position.topicPartition());
 *   consumer.seek(position.topicPartition(), StartPosition.offset(position.offset()));
 *   for (ConsumerRecord record : consumer.poll(Duration.ofSeconds(10))) {
 *     System.out.println(record.offset() + ": " + record.valueText());
 *   }
 * }
 * }</pre>
 *
 * <p>What fails throws a {@link io.funes.client.FunesException}, or completes a future with one: by
 * type where a caller can do something about it, with a {@link io.funes.client.ErrorReason} always.
 * Whatever may pass is tried again inside, as long as the timeout of the call or of the delivery
 * allows. Wrong arguments throw {@code IllegalArgumentException} at once.
 *
 * <p>What stands in {@code internal} packages is not part of the API and changes without notice.
 * Only {@code Producer}, {@code Consumer} with what it polls from, and {@code Admin} know it.
 */
package io.funes.client;
