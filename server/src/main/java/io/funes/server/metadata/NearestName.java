package io.funes.server.metadata;

import java.util.Collection;

/** Guesses what a mistyped key was meant to be. */
public final class NearestName {
  private NearestName() {}

  /** The candidate that the fewest inserted, deleted and replaced characters lead to. */
  public static String of(String typed, Collection<String> candidates) {
    String cut =
        typed.substring(
            0, Math.min(typed.length(), 64)); // Long enough for any key, short enough to be quick.
    String nearest = "";
    int fewest = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int edits = edits(cut, candidate);
      if (edits < fewest) {
        fewest = edits;
        nearest = candidate;
      }
    }
    return nearest;
  }

  /** Levenshtein distance, one row at a time. */
  private static int edits(String from, String to) {
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
