package io.funes.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.funes.bench.system.Setting;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsFileTest {
  @Test
  void keepsEachRunAsALineOfJson(@TempDir Path folder) throws Exception {
    Path path = folder.resolve("results/a.jsonl");
    ResultsFile file = new ResultsFile(path, Map.of("commit", "abc"));

    file.add(
        new Run("w", "s", Setting.DEFAULTS, 2, 0.5, new Run.Outcome("1", Map.of("f", 3.0), null)));
    file.add(
        new Run("w", "s", Setting.DEFAULTS, 0, 0.5, new Run.Outcome("", Map.of(), "a \"b\"\n\tc")));

    assertThat(Files.readAllLines(path))
        .containsExactly(
            "{\"commit\":\"abc\",\"workload\":\"w\",\"system\":\"s\",\"version\":\"1\","
                + "\"setting\":\"defaults\",\"pair\":2,\"calibration_seconds\":0.5,\"f\":3.0}",
            "{\"commit\":\"abc\",\"workload\":\"w\",\"system\":\"s\",\"version\":\"\","
                + "\"setting\":\"defaults\",\"pair\":0,\"calibration_seconds\":0.5,"
                + "\"failure\":\"a \\\"b\\\"\\n\\tc\"}");
  }
}
