package io.spillway.node;

import java.util.Collection;
import java.util.Locale;

/** Finds the name somebody most likely meant. */
final class NearestName {

    /** Longer words are not compared: nobody mistypes a key of that length. */
    private static final int LENGTH_MAX = 64;

    /** The closest of {@code known}, or null if none is similar. */
    static String of(String typed, Collection<String> known) {
        String nearest = null;
        int nearestDistance = 2 + typed.length() / 4;
        if (typed.length() > LENGTH_MAX) {
            return null;
        }
        for (String name : known) {
            int distance = distance(typed.toLowerCase(Locale.ROOT), name.toLowerCase(Locale.ROOT));
            if (distance < nearestDistance) {
                nearest = name;
                nearestDistance = distance;
            }
        }
        return nearest;
    }

    /** Levenshtein: letters to insert, remove or replace, row by row. */
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int replaced = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(replaced, 1 + Math.min(row[j], row[j - 1]));
            }
        }
        return row[b.length()];
    }

    private NearestName() {}
}
