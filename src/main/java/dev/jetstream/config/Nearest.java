package dev.jetstream.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the known name that a mistyped one was probably meant to be. */
final class Nearest {
    private static final int MAX_LENGTH = 200;

    private Nearest() {}

    /** The length of {@code JETSTREAM_} and {@code jetstream.}, which all names share. */
    private static final int PREFIX_LENGTH = 10;

    /** The known name with the fewest edits to {@code name}; empty where all need more than two, and than a third of its own part. */
    static Optional<String> to(String name, Collection<String> known) {
        String cut = name.length() > MAX_LENGTH ? name.substring(0, MAX_LENGTH) : name;
        return known.stream()
                .min(Comparator.comparingInt((String candidate) -> distance(cut, candidate))
                        .thenComparing(Comparator.naturalOrder()))
                .filter(candidate -> distance(cut, candidate) <= Math.max(2, (cut.length() - PREFIX_LENGTH) / 3));
    }

    /** Levenshtein's distance: insertions, deletions and replacements of one character. */
    static int distance(String a, String b) {
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
}
