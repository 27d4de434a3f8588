package io.funes.server.broker;

import io.funes.server.common.Scheduler;
import io.funes.server.config.TlsConfig;
import io.grpc.ChannelCredentials;
import io.grpc.InsecureChannelCredentials;
import io.grpc.InsecureServerCredentials;
import io.grpc.ServerCredentials;
import io.grpc.TlsChannelCredentials;
import io.grpc.TlsServerCredentials;
import io.grpc.TlsServerCredentials.ClientAuth;
import io.grpc.util.AdvancedTlsX509KeyManager;
import io.grpc.util.AdvancedTlsX509TrustManager;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How brokers prove to each other that they are some: each shows a certificate, at both ends of a
 * connection. Without TLS they believe whoever reaches them.
 */
final class InternalTls {
  private static final Logger LOG = LoggerFactory.getLogger(InternalTls.class);
  private static final long RENEW_SECONDS = 60;

  private final Optional<PemFiles> files;

  private InternalTls(Optional<PemFiles> files) {
    this.files = files;
  }

  /** Reads the files, where there are some. */
  static InternalTls of(Optional<TlsConfig> config) throws IOException {
    return new InternalTls(
        config.isPresent() ? Optional.of(PemFiles.read(config.get())) : Optional.empty());
  }

  ChannelCredentials channel() {
    return files.map(PemFiles::channel).orElseGet(InsecureChannelCredentials::create);
  }

  ServerCredentials server() {
    return files.map(PemFiles::server).orElseGet(InsecureServerCredentials::create);
  }

  /** Certificates end while brokers run: new files count for new connections within a minute. */
  void renew(Scheduler scheduler) {
    files.ifPresent(
        present -> scheduler.every(TimeUnit.SECONDS.toNanos(RENEW_SECONDS), present::renew));
  }

  /** What was in the files when they were last in order. */
  private record PemFiles(
      TlsConfig config, AdvancedTlsX509KeyManager keys, AdvancedTlsX509TrustManager authorities) {
    static PemFiles read(TlsConfig config) throws IOException {
      try {
        PemFiles files =
            new PemFiles(
                config,
                new AdvancedTlsX509KeyManager(),
                AdvancedTlsX509TrustManager.newBuilder().build());
        files.load();
        return files;
      } catch (GeneralSecurityException e) {
        throw new IOException(e.getMessage(), e);
      }
    }

    ChannelCredentials channel() {
      return TlsChannelCredentials.newBuilder().keyManager(keys).trustManager(authorities).build();
    }

    ServerCredentials server() {
      return TlsServerCredentials.newBuilder()
          .keyManager(keys)
          .trustManager(authorities)
          .clientAuth(ClientAuth.REQUIRE)
          .build();
    }

    void renew() {
      try {
        load();
      } catch (IOException | GeneralSecurityException | RuntimeException e) {
        LOG.warn("The certificates in use stay: {}", e.getMessage());
      }
    }

    private void load() throws IOException, GeneralSecurityException {
      for (Path file : List.of(config.certificate(), config.key(), config.authority())) {
        if (!Files.isReadable(file)) {
          throw new IOException(
              "%s cannot be read: TLS between brokers needs it, see internal.tls.*"
                  .formatted(file));
        }
      }
      try {
        keys.updateIdentityCredentials(config.certificate().toFile(), config.key().toFile());
      } catch (GeneralSecurityException | IllegalArgumentException e) {
        throw new IOException(
            "%s and %s are no certificate and its key in PEM form: %s"
                .formatted(config.certificate(), config.key(), e.getMessage()),
            e);
      }
      authorities.updateTrustCredentials(config.authority().toFile());
    }
  }
}
