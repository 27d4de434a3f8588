package io.funes.cli.terminal;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JsonTest {
  @Test
  void plainValuesKeepTheirTypes() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("text", "a");
    fields.put("number", Long.MAX_VALUE);
    fields.put("yes", true);
    fields.put("none", null);
    fields.put("list", Arrays.asList(1, null, Map.of("k", "v")));
    fields.put("empty", List.of());

    assertThat(Json.text(fields))
        .isEqualTo(
            "{\"text\":\"a\",\"number\":9223372036854775807,\"yes\":true,\"none\":null,"
                + "\"list\":[1,null,{\"k\":\"v\"}],\"empty\":[]}");
  }

  @Test
  void whatJsonOrALineCannotHoldIsEscaped() {
    assertThat(Json.text("a\"b\\c\nd\te\u0001\u2028\ud800"))
        .isEqualTo("\"a\\\"b\\\\c\\nd\\te\\u0001\\u2028\\ud800\"");
  }

  @Test
  void textOfAllPlanesStaysAsItIs() {
    assertThat(Json.text("äß😀x")).isEqualTo("\"äß😀x\"");
  }

  @Test
  void bytesAreTextWhereTheyCanBe() {
    Map<String, Object> fields = new LinkedHashMap<>();

    ByteText.put(fields, "text", "ä".getBytes(UTF_8));
    ByteText.put(fields, "binary", new byte[] {(byte) 0xff, 0});
    ByteText.put(fields, "none", null);
    ByteText.put(fields, "empty", new byte[0]);

    assertThat(Json.text(fields))
        .isEqualTo("{\"text\":\"ä\",\"binary_base64\":\"/wA=\",\"none\":null,\"empty\":\"\"}");
  }
}
