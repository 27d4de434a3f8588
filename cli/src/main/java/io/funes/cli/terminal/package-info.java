/** What all commands share: streams, output as text or JSON, errors and exit codes. */
package io.funes.cli.terminal;
