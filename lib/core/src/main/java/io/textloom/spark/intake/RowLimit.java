package io.textloom.spark.intake;

import org.apache.hadoop.conf.Configuration;

/**
 * The longest row that is read. Spark's own readers have no such limit: a line of a gigabyte takes several of memory, and the executor dies of it; and what Hadoop's setting
 * for the longest line cuts off is dropped without a word.
 */
final class RowLimit {
    /** The property, to be set as {@code spark.hadoop.textloom.maxRowBytes}; unit: bytes */
    static final String PROPERTY = "textloom.maxRowBytes";

    /** Some two hundred novels. */
    static final int DEFAULT_BYTES = 64 << 20;

    private static final int MOST_BYTES = 1 << 30;

    private RowLimit() {}

    /** @throws IllegalArgumentException if the property is out of bounds */
    static int bytes(Configuration conf) {
        int bytes = conf.getInt(PROPERTY, DEFAULT_BYTES);
        if (bytes < 1 || bytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    PROPERTY + " is " + bytes + "; expected 1 to " + MOST_BYTES + " (unit: bytes)");
        }
        return bytes;
    }
}
