package io.funes.server.config;

import io.funes.server.common.NearestName;
import io.funes.server.config.Settings.Setting;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The places that values come from: a flag wins over the environment, that over the file, that over
 * the default.
 */
public final class ConfigSources {
  private final Map<String, Setting> file = new LinkedHashMap<>();
  private final Map<String, Setting> environment = new LinkedHashMap<>();
  private final Map<String, Setting> flags = new LinkedHashMap<>();
  private final List<String> warnings = new ArrayList<>();

  /** Reads lines of {@code key = value}. */
  public ConfigSources file(Path path) {
    file.putAll(ConfigFile.read(path));
    return this;
  }

  /**
   * Takes what is named like a key. Anything else that starts with {@code FUNES_} may belong to
   * others (Kubernetes sets FUNES_PORT for a service named funes), so a name that looks mistyped is
   * only warned about.
   */
  public ConfigSources environment(Map<String, String> variables) {
    Map<String, String> keys = new LinkedHashMap<>();
    ConfigKeys.names().forEach(key -> keys.put(ConfigKey.environmentName(key), key));
    variables.forEach((name, value) -> {
      if (keys.containsKey(name) && !value.isEmpty()) {
        environment.put(keys.get(name), new Setting(value, "environment variable " + name));
      } else if (name.startsWith(ConfigKey.ENVIRONMENT_PREFIX)) {
        warnIfMistyped(name, keys);
      }
    });
    return this;
  }

  /**
   * Sets one key.
   *
   * @param origin as error messages name it: "--listen"
   */
  public ConfigSources flag(String origin, String key, String value) {
    flags.put(key, new Setting(value, origin));
    return this;
  }

  /** What is odd but no error. */
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  public BrokerConfig load() {
    Settings settings = new Settings();
    file.forEach(settings::put);
    environment.forEach(settings::put);
    flags.forEach(settings::put);
    return BrokerConfig.of(settings);
  }

  private void warnIfMistyped(String name, Map<String, String> keys) {
    NearestName.of(name, keys.keySet())
        .filter(nearest -> !nearest.equals(name) && NearestName.edits(name, nearest) <= 2)
        .ifPresent(nearest ->
            warnings.add(
                "environment variable %s is not used: did you mean %s?".formatted(name, nearest)));
  }
}
