package io.funes.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Columns under headings, as wide as their widest cell. Numbers stand to the right. */
public final class TextTable {
  private static final String GAP = "  ";

  private final List<String[]> rows = new ArrayList<>();

  public TextTable(String... headings) {
    rows.add(headings);
  }

  public void row(Object... cells) {
    rows.add(Arrays.stream(cells).map(String::valueOf).toArray(String[]::new));
  }

  public List<String> lines() {
    int[] widths = new int[rows.get(0).length];
    boolean[] numeric = new boolean[widths.length];
    for (int column = 0; column < widths.length; column++) {
      int at = column;
      widths[column] = rows.stream().mapToInt(row -> row[at].length()).max().orElse(0);
      numeric[column] = rows.stream().skip(1).allMatch(row -> row[at].matches("-?[\\d,]+|-"));
    }
    return rows.stream().map(row -> line(row, widths, numeric)).toList();
  }

  private static String line(String[] row, int[] widths, boolean[] numeric) {
    StringBuilder line = new StringBuilder();
    for (int column = 0; column < row.length; column++) {
      String fill = " ".repeat(widths[column] - row[column].length());
      line.append(column == 0 ? "" : GAP)
          .append(numeric[column] ? fill + row[column] : row[column] + fill);
    }
    return line.toString().stripTrailing();
  }
}
