/**
 * The disk as the log sees it: files that only grow or are cut, and small files that are replaced.
 */
package io.funes.server.log.file;
