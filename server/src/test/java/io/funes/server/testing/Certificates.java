package io.funes.server.testing;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** An authority made for a test, and a certificate of it for whoever runs on this machine. */
public final class Certificates {
  private static final String PASSWORD = "password";

  private final Path folder;

  /** Made with the JDK's keytool, as PEM files. */
  public Certificates(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
    Path store = folder.resolve("store.p12");
    keytool(store, "authority", "-ext", "bc:c");
    keytool(store, "broker", "-signer", "authority", "-ext", "san=ip:127.0.0.1");
    try {
      KeyStore keys = KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
      pem("authority.pem", "CERTIFICATE", keys.getCertificate("authority").getEncoded());
      pem("broker.pem", "CERTIFICATE", keys.getCertificate("broker").getEncoded());
      pem("broker.key", "PRIVATE KEY", keys.getKey("broker", PASSWORD.toCharArray()).getEncoded());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What a broker is told to use them. */
  public Map<String, String> settings() {
    return Map.of(
        "internal.tls.certificate", folder.resolve("broker.pem").toString(),
        "internal.tls.key", folder.resolve("broker.key").toString(),
        "internal.tls.authority", folder.resolve("authority.pem").toString());
  }

  private static void keytool(Path store, String alias, String... options) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of("-genkeypair", "-alias", alias, "-dname", "CN=" + alias));
    command.addAll(List.of("-keyalg", "EC", "-keystore", store.toString()));
    command.addAll(List.of("-storepass", PASSWORD, "-keypass", PASSWORD));
    command.addAll(List.of(options));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), US_ASCII);
    try {
      if (process.waitFor() != 0) {
        throw new IllegalStateException(output);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private void pem(String file, String type, byte[] bytes) throws IOException {
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
    Files.writeString(
        folder.resolve(file),
        "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(type, text, type));
  }
}
