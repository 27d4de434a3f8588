package io.funes.bench.report;

import io.funes.bench.workload.Figures;
import io.funes.bench.workload.Headline;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/**
 * The report as a Markdown table: a row for each headline, those where Kafka is better first, the
 * worst of them on top.
 */
public final class ResultTable {
  private static final String SUBJECT = "funes";
  private static final String RIVAL = "kafka";
  private static final String FLOOR = "pipe";
  private static final String NOTHING = "–";

  private record Row(double ratio, String text) {}

  private ResultTable() {}

  public static String of(List<Comparison> comparisons) {
    List<Row> rows = new ArrayList<>();
    for (Comparison comparison : comparisons) {
      for (Headline headline : comparison.workload().headlines()) {
        rows.add(row(comparison, headline));
      }
    }
    // Stable: rows that do not lose stay in the order of the workloads.
    rows.sort(Comparator.comparingDouble(row -> row.ratio() < 1 ? row.ratio() : 1));
    StringBuilder table = new StringBuilder();
    table.append(
        "| work | Funes | Kafka | Funes : Kafka | pipe | Funes : pipe | CPU s per million, Funes | CPU s per"
            + " million, Kafka | Kafka's best setting | pairs |\n");
    table.append("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n");
    rows.forEach(row -> table.append(row.text()).append('\n'));
    return table.toString();
  }

  private static Row row(Comparison comparison, Headline headline) {
    Spread rival = comparison.ratio(SUBJECT, RIVAL, headline);
    Spread floor = comparison.ratio(SUBJECT, FLOOR, headline);
    String title = comparison.workload().title();
    String work = headline.label().isEmpty() ? title : title + ": " + headline.label();
    boolean first = headline.equals(comparison.workload().headlines().getFirst());
    List<String> cells =
        List.of(
            work,
            figure(comparison, SUBJECT, headline),
            figure(comparison, RIVAL, headline),
            ratio(rival),
            figure(comparison, FLOOR, headline),
            ratio(floor),
            first ? cpu(comparison, SUBJECT) : "",
            first ? cpu(comparison, RIVAL) : "",
            first && comparison.settings().containsKey(RIVAL)
                ? comparison.settings().get(RIVAL).label()
                : "",
            comparison.countedPairs() + (comparison.quiet() ? "" : ", not quiet"));
    return new Row(rival.isEmpty() ? 1 : rival.median(), "| " + String.join(" | ", cells) + " |");
  }

  private static String figure(Comparison comparison, String system, Headline headline) {
    Spread spread = comparison.figure(system, headline.key());
    return spread.isEmpty() ? NOTHING : number(spread.median()) + " " + headline.unit();
  }

  private static String ratio(Spread ratio) {
    return ratio.isEmpty()
        ? NOTHING
        : String.format(
            Locale.ROOT, "**%.2f** (%.2f – %.2f)", ratio.median(), ratio.min(), ratio.max());
  }

  private static String cpu(Comparison comparison, String system) {
    Spread client = comparison.figure(system, Figures.CLIENT_CPU);
    Spread broker = comparison.figure(system, Figures.BROKER_CPU);
    return client.isEmpty()
        ? NOTHING
        : String.format(Locale.ROOT, "%.2f + %.2f", client.median(), broker.median());
  }

  /** Three digits that matter. */
  static String number(double value) {
    if (value >= 1e6) {
      return String.format(Locale.ROOT, "%.2f M", value / 1e6);
    }
    if (value >= 10_000) {
      return String.format(Locale.ROOT, "%.0f k", value / 1e3);
    }
    return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
  }
}
