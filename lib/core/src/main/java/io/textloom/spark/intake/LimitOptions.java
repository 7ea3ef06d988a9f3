package io.textloom.spark.intake;

import java.io.Serializable;

/**
 * What is taken of input that may be damaged or made to do harm.
 *
 * @param maxRowBytes the longest line, paragraph or whole file that is a row, in UTF-8; a longer one is the error row {@code TOO_LARGE} and never held in memory. Spark's own
 *     readers have no such limit: a line of a gigabyte takes several of memory, and the executor dies of it; and what Hadoop's setting for the longest line cuts off is
 *     dropped without a word.
 */
public record LimitOptions(BadFiles badFiles, int maxRowBytes) implements Serializable {
    /** Rows as long as some two hundred novels. */
    public static final LimitOptions DEFAULT = new LimitOptions(BadFiles.FAIL, 64 << 20);

    private static final int MOST_BYTES = 1 << 30;

    public LimitOptions {
        if (maxRowBytes < 1 || maxRowBytes > MOST_BYTES) {
            throw new IllegalArgumentException(
                    "maxRowBytes is " + maxRowBytes + "; expected 1 to " + MOST_BYTES + " (unit: bytes)");
        }
    }

    /** Bytes that are kept of a row: one more than the limit, by which those after the reader know. */
    int keptBytes() {
        return maxRowBytes + 1;
    }
}
