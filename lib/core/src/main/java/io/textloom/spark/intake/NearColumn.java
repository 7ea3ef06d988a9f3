package io.textloom.spark.intake;

import io.textloom.text.EditDistance;
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
            int edits = EditDistance.between(name.toLowerCase(Locale.ROOT), column.toLowerCase(Locale.ROOT));
            if (edits < least) {
                least = edits;
                best = column;
            }
        }
        return best.isEmpty() ? Optional.empty() : Optional.of(best);
    }
}
