package io.funes.server.common;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what a mistyped name was meant to be. */
public final class NearestName {
  /** Longer than any name of ours, short enough to be quick. */
  private static final int TEXT_LENGTH_MAX = 64;

  private NearestName() {}

  /**
   * The candidate with the fewest edits from {@code text}, unless more than a third of the longer
   * one would change and neither begins with the other.
   */
  public static Optional<String> of(String text, Collection<String> candidates) {
    String cut = text.substring(0, Math.min(text.length(), TEXT_LENGTH_MAX));
    return candidates.stream()
        .min(Comparator.comparingInt(candidate -> edits(cut, candidate)))
        .filter(nearest -> isNear(cut, nearest));
  }

  private static boolean isNear(String text, String name) {
    return edits(text, name) <= Math.max(2, Math.max(text.length(), name.length()) / 3)
        || text.startsWith(name)
        || name.startsWith(text);
  }

  /** Inserted, deleted and replaced characters: Levenshtein's distance. */
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
