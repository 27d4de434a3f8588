package io.funes.cli.records;

import io.funes.cli.terminal.ByteText;
import io.funes.client.ConsumerRecord;
import io.funes.client.Header;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A record as the fields of a JSON object. */
final class RecordJson {
  private RecordJson() {}

  static Map<String, Object> fields(ConsumerRecord record) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("topic", record.topic());
    fields.put("partition", record.partition());
    fields.put("offset", record.offset());
    fields.put("timestamp_ms", record.timestampMs());
    ByteText.put(fields, "key", record.key());
    ByteText.put(fields, "value", record.value());
    if (!record.headers().isEmpty()) {
      List<Map<String, Object>> headers = new ArrayList<>();
      for (Header header : record.headers()) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("name", header.name());
        ByteText.put(one, "value", header.value());
        headers.add(one);
      }
      fields.put("headers", headers);
    }
    return fields;
  }
}
