/**
 * Batches as bytes: the fixed header, the walk that validates a body, codecs, and the hash that
 * picks a partition. Works on buffers in place; nothing here makes an object per record, except
 * where a caller asks to look inside one.
 */
package io.funes.server.record;
