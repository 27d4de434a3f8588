/**
 * Bytes of records and batches: the layout of a batch, encoding, and the codecs whose libraries are
 * there. Knows of no broker.
 */
package io.funes.client.internal.record;
