package io.textloom.spark.intake;

import java.util.Collection;

/** File names for Spark's readers, which take every path for a glob. */
public final class LiteralPaths {
    private LiteralPaths() {}

    /** The path with its glob characters escaped. */
    public static String of(String path) {
        return path.replaceAll("[\\\\{}\\[\\]*?]", "\\\\$0");
    }

    public static String[] of(Collection<String> paths) {
        return paths.stream().map(LiteralPaths::of).toArray(String[]::new);
    }
}
