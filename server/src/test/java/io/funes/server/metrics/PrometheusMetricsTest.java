package io.funes.server.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.funes.server.metrics.Metrics.Label;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.Test;

class PrometheusMetricsTest {
  private final PrometheusMetrics metrics = new PrometheusMetrics();

  @Test
  void scrapeShowsEveryKindOfInstrument() throws Exception {
    metrics.counter("funes_tests_total", "Tests.", new Label("kind", "unit")).add(3);
    metrics.counter("funes_tests_total", "Tests.", new Label("kind", "fuzz")).increment();
    metrics.timer("funes_test_seconds", "Time.").recordNanos(2_000_000);
    metrics.distribution("funes_test_bytes", "Size.").record(100);
    metrics.gauge("funes_open_tests", "Open.", () -> 7, new Label("kind", "unit"));
    metrics.gauge("funes_open_tests", "Open.", () -> 8, new Label("kind", "fuzz"));

    assertThat(scrape())
        .contains("funes_tests_total{kind=\"unit\"} 3.0")
        .contains("funes_tests_total{kind=\"fuzz\"} 1.0")
        .contains("funes_test_seconds_bucket{le=\"0.001\"} 0\n")
        .contains("funes_test_seconds_bucket{le=\"0.0025\"} 1\n")
        .contains("funes_test_seconds_sum 0.002")
        .contains("funes_test_bytes_bucket{le=\"64.0\"} 0\n")
        .contains("funes_test_bytes_bucket{le=\"256.0\"} 1\n")
        .contains("funes_open_tests{kind=\"unit\"} 7.0")
        .contains("funes_open_tests{kind=\"fuzz\"} 8.0")
        .contains("jvm_memory_used_bytes");
  }

  @Test
  void secondScrapeWorksLikeTheFirst() throws Exception {
    metrics.counter("funes_tests_total", "Tests.").increment();

    assertThat(scrape()).contains("funes_tests_total 1.0");
    assertThat(scrape()).contains("funes_tests_total 1.0").contains("jvm_");
  }

  @Test
  void nameOutsideTheRulesIsRefused() {
    assertThatThrownBy(() -> metrics.counter("tests_total", "Tests."))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> metrics.counter("funes_tests", "Tests."))
        .hasMessageContaining("_total");
    assertThatThrownBy(() -> metrics.timer("funes_test_ms", "Time."))
        .hasMessageContaining("_seconds");
  }

  @Test
  void sameNameWithOtherLabelsIsRefused() {
    metrics.counter("funes_tests_total", "Tests.", new Label("kind", "unit"));

    assertThatThrownBy(
            () -> metrics.counter("funes_tests_total", "Tests.", new Label("sort", "unit")))
        .hasMessageContaining("[kind]");
  }

  private String scrape() throws IOException, InterruptedException {
    try (MetricsServer server =
            metrics.serve(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        HttpClient client = HttpClient.newHttpClient()) {
      URI uri = URI.create("http://127.0.0.1:" + server.port() + "/metrics");
      return client
          .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
          .body();
    }
  }
}
