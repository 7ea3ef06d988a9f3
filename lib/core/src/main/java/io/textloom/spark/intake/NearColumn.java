package io.textloom.spark.intake;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The column that a misspelt name most likely meant. */
final class NearColumn {
    private NearColumn() {}

    /** The nearest by edits, at most a third of the letters; earlier columns win ties. */
    static Optional<String> of(String name, List<String> columns) {
        String best = "";
        int least = Math.max(1, name.length() / 3) + 1;
        for (String column : columns) {
            int edits = edits(name.toLowerCase(Locale.ROOT), column.toLowerCase(Locale.ROOT));
            if (edits < least) {
                least = edits;
                best = column;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }

    /** Letters to insert, drop or change: Levenshtein's distance, row by row. */
    private static int edits(String from, String to) {
        int[] row = new int[to.length() + 1];
        for (int j = 0; j <= to.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= from.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= to.length(); j++) {
                int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[to.length()];
    }
}
