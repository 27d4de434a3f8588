/** {@code funes topic}: makes, shows, changes and deletes topics. */
package io.funes.cli.topic;
