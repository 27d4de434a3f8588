package io.funes.server.common;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NearestNameTest {
  private static final List<String> NAMES = List.of("listen", "node.id", "compression");

  @ParameterizedTest
  @CsvSource({
    "lisen, listen",
    "nodeid, node.id",
    "compression.type, compression",
    "Listen, listen"
  })
  void aMistypedNameIsRecognized(String text, String meant) {
    assertThat(NearestName.of(text, NAMES)).contains(meant);
  }

  @Test
  void whatIsFarFromAllIsNotGuessed() {
    assertThat(NearestName.of("port", NAMES)).isEmpty();
    assertThat(NearestName.of("x".repeat(1_000_000), NAMES)).isEmpty();
    assertThat(NearestName.of("listen", List.of())).isEmpty();
  }

  @Test
  void editsAreCharactersInsertedDeletedOrReplaced() {
    assertThat(NearestName.edits("listen", "listen")).isZero();
    assertThat(NearestName.edits("lisen", "listen")).isEqualTo(1);
    assertThat(NearestName.edits("lists", "listen")).isEqualTo(2);
    assertThat(NearestName.edits("", "abc")).isEqualTo(3);
  }
}
