/**
 * Fixtures that tests of several packages share: a disk, a clock and a store that obey the test.
 */
package io.funes.server.testing;
