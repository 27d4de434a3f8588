/** {@code funes log}: looks into segment files, without a broker. */
package io.funes.cli.log;
