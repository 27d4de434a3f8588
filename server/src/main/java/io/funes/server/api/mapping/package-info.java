/** Protocol messages to the broker's terms and back. No decisions. */
package io.funes.server.api.mapping;
