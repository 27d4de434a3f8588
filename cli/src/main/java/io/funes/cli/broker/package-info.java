/** {@code funes start}: a broker in this process. */
package io.funes.cli.broker;
