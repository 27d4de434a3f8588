package io.funes.server.config;

import java.nio.file.Path;

/**
 * PEM files for mutual TLS.
 *
 * @param certificate the chain that is shown
 * @param key its private key
 * @param authority whom to believe
 */
public record TlsConfig(Path certificate, Path key, Path authority) {}
