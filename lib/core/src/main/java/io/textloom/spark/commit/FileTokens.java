package io.textloom.spark.commit;

import java.util.List;

/**
 * How evenly tokens lie in files of rows.
 *
 * @param files with tokens
 * @param min,median,max unit: tokens
 */
public record FileTokens(long files, long min, long median, long max) {
    public static final FileTokens NONE = new FileTokens(0, 0, 0, 0);

    static FileTokens of(List<Manifest.File> files) {
        long[] tokens = files.stream()
                .mapToLong(Manifest.File::tokens)
                .filter(t -> t > 0)
                .sorted()
                .toArray();
        int n = tokens.length;
        return n == 0 ? NONE : new FileTokens(n, tokens[0], tokens[(n - 1) / 2], tokens[n - 1]);
    }
}
