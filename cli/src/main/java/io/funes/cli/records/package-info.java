/** {@code funes produce} and {@code funes consume}: records from and to text. */
package io.funes.cli.records;
