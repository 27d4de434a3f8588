package io.funes.cli.records;

import java.util.LinkedHashMap;
import java.util.Map;

/** What a run of {@code produce} did. */
record ProduceSummary(
    String topic, long acknowledged, long failed, long withoutKey, long bytes, double seconds) {

  Map<String, Object> fields() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("topic", topic);
    fields.put("records", acknowledged);
    fields.put("failed", failed);
    fields.put("without_key", withoutKey);
    fields.put("bytes", bytes);
    fields.put("seconds", Math.round(seconds * 1000) / 1000.0);
    fields.put("records_per_second", Math.round(rate()));
    return fields;
  }

  /**
   * One sentence for people.
   *
   * @param keyed whether records were to have a key
   */
  String sentence(boolean keyed) {
    return "produced %,d record%s (%s) to %s in %.2f s, %,d records/s%s%s"
        .formatted(
            acknowledged,
            acknowledged == 1 ? "" : "s",
            size(),
            topic,
            seconds,
            Math.round(rate()),
            keyed && withoutKey > 0 ? "; %,d had no key".formatted(withoutKey) : "",
            failed > 0 ? "; %,d failed".formatted(failed) : "");
  }

  private double rate() {
    return seconds > 0 ? acknowledged / seconds : 0;
  }

  private String size() {
    if (bytes < 1 << 10) {
      return bytes + " B";
    }
    return bytes < 1 << 20
        ? "%.1f KiB".formatted(bytes / 1024.0)
        : "%.1f MiB".formatted(bytes / (1024.0 * 1024));
  }
}
