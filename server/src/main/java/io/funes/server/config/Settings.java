package io.funes.server.config;

import io.funes.server.common.NearestName;
import io.funes.server.metadata.TopicConfigKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Raw values by key, each with the place that it came from. */
final class Settings {
  private final Map<String, Setting> byKey = new LinkedHashMap<>();

  /**
   * A value as it was written.
   *
   * @param origin as error messages name it: "funes.conf line 3", "--listen"
   */
  record Setting(String value, String origin) {}

  /** Takes the place of an earlier value of the key. */
  void put(String key, Setting setting) {
    checkKnown(key, setting.origin);
    byKey.put(key, setting);
  }

  <T> T get(ConfigKey<T> key) {
    Setting setting = byKey.get(key.name());
    String text = setting == null ? key.defaultText() : setting.value;
    return key.type()
        .parse(text)
        .orElseThrow(() -> invalid(key.name(), origin(key), text, key.type().legal()));
  }

  String origin(ConfigKey<?> key) {
    Setting setting = byKey.get(key.name());
    return setting == null ? "default" : setting.origin;
  }

  /** By topic config key, without the prefix. */
  Map<String, String> topicDefaults() {
    Map<String, String> defaults = new LinkedHashMap<>();
    for (TopicConfigKey key : TopicConfigKey.values()) {
      String name = ConfigKeys.topicDefault(key);
      Setting setting = byKey.get(name);
      if (setting != null) {
        if (!key.kind().accepts(setting.value)) {
          throw invalid(name, setting.origin, setting.value, key.kind().legal());
        }
        defaults.put(key.key(), setting.value);
      }
    }
    return defaults;
  }

  private static ConfigException invalid(String key, String origin, String value, String legal) {
    return new ConfigException(
        "%s: %s = \"%s\" is not valid: it must be %s".formatted(origin, key, value, legal));
  }

  private static void checkKnown(String key, String origin) {
    List<String> names = ConfigKeys.names();
    if (!names.contains(key)) {
      String hint =
          NearestName.of(key, names)
              .map(name -> ": did you mean %s?".formatted(name))
              .orElse("; docs/configuration.md lists the keys");
      throw new ConfigException("%s: unknown key \"%s\"%s".formatted(origin, key, hint));
    }
  }
}
