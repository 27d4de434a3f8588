package io.funes.server.config;

import io.funes.server.config.Settings.Setting;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Lines of {@code key = value}. A {@code #} at the start of a line or after a space starts a
 * comment.
 */
final class ConfigFile {
  private static final Pattern COMMENT = Pattern.compile("(^|\\s)#.*");

  private ConfigFile() {}

  static Map<String, Setting> read(Path path) {
    List<String> lines = lines(path);
    Map<String, Setting> settings = new LinkedHashMap<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = COMMENT.matcher(lines.get(i)).replaceFirst("").strip();
      if (!line.isEmpty()) {
        add(settings, "%s line %d".formatted(path, i + 1), line);
      }
    }
    return settings;
  }

  private static void add(Map<String, Setting> settings, String origin, String line) {
    int equals = line.indexOf('=');
    if (equals <= 0) {
      throw new ConfigException("%s: \"%s\" is not \"key = value\"".formatted(origin, line));
    }
    String key = line.substring(0, equals).strip();
    Setting setting = new Setting(line.substring(equals + 1).strip(), origin);
    Setting earlier = settings.put(key, setting);
    if (earlier != null) {
      throw new ConfigException(
          "%s: \"%s\" is set already in %s".formatted(origin, key, earlier.origin()));
    }
  }

  private static List<String> lines(Path path) {
    if (Files.isDirectory(path)) {
      throw new ConfigException("config file %s is a folder: give a file".formatted(path));
    }
    try {
      return Files.readAllLines(path);
    } catch (NoSuchFileException e) {
      throw new ConfigException(
          "config file %s does not exist: check --config or FUNES_CONFIG".formatted(path));
    } catch (CharacterCodingException e) {
      throw new ConfigException("config file %s is not UTF-8 text".formatted(path));
    } catch (IOException e) {
      throw new ConfigException("config file %s cannot be read: %s".formatted(path, e));
    }
  }
}
