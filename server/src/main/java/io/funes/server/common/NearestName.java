package io.funes.server.common;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds what somebody may have meant. */
public final class NearestName {
  private NearestName() {}

  /**
   * The candidate with the fewest edits from {@code text}, unless more than a third of it would
   * change and neither begins with the other. Slow for long texts: cut what strangers send.
   */
  public static Optional<String> of(String text, Collection<String> candidates) {
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> edits(text, candidate)))
        .filter(nearest -> isNear(text, nearest));
  }

  private static boolean isNear(String text, String name) {
    return edits(text, name) <= Math.max(2, name.length() / 3)
        || text.startsWith(name)
        || name.startsWith(text);
  }

  /** Levenshtein's distance. */
  public static int edits(String from, String to) {
    int[] row = new int[to.length() + 1];
    for (int j = 0; j < row.length; j++) {
      row[j] = j;
    }
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j < row.length; j++) {
        int replaced = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }
}
