package io.funes.bench.system;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A configuration of a system. Travels to the client process as text: {@code
 * label|key=value|key=value}.
 *
 * @param label short name for the report
 * @param values by key; the system knows what they mean
 */
public record Setting(String label, Map<String, String> values) {
  public static final Setting DEFAULTS = new Setting("defaults", Map.of());

  public static Setting parse(String text) {
    String[] parts = text.split("\\|", -1);
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 1; i < parts.length; i++) {
      int equals = parts[i].indexOf('=');
      values.put(parts[i].substring(0, equals), parts[i].substring(equals + 1));
    }
    return new Setting(parts[0], values);
  }

  public boolean is(String key) {
    return Boolean.parseBoolean(values.get(key));
  }

  /** Values whose key begins with {@code prefix}, without it. */
  public Map<String, String> under(String prefix) {
    return values.entrySet().stream()
        .filter(e -> e.getKey().startsWith(prefix))
        .collect(Collectors.toMap(e -> e.getKey().substring(prefix.length()), Map.Entry::getValue));
  }

  @Override
  public String toString() {
    return values.entrySet().stream()
        .map(e -> "|" + e.getKey() + "=" + e.getValue())
        .collect(Collectors.joining("", label, ""));
  }
}
