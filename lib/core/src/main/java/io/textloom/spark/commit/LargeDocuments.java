package io.textloom.spark.commit;

import io.textloom.spark.intake.TextSizes;
import java.io.Serializable;
import org.apache.spark.sql.catalyst.InternalRow;

/**
 * Which documents are done in parts: those so large that a task which happens to get several of them would hold up the stage. Travels to executors.
 *
 * @param bytes size of the smallest large text; a power of two; unit: bytes
 */
record LargeDocuments(int bytes) implements Serializable {
    /** About what one part holds; nothing is won by cutting less. Unit: bytes */
    static final int LEAST_BYTES = 1 << 16;

    /** A task should be able to hold any document that it does whole. Unit: bytes */
    static final int MOST_BYTES = 1 << 22;

    /**
     * A task of documents that are each at most its sixteenth is twice the average once in ten thousand, since the sum of sixteen varies by a quarter; see
     * decision 10.
     */
    private static final int DOCUMENTS_PER_TASK = 16;

    /** @param tasks that the input goes to */
    static LargeDocuments of(TextSizes sizes, int tasks) {
        long share = sizes.bytes() / Math.max(1, tasks) / DOCUMENTS_PER_TASK;
        return new LargeDocuments((int) Long.highestOneBit(Math.min(MOST_BYTES, Math.max(LEAST_BYTES, share))));
    }

    /** @param row of {@link MarkedDocuments}. @return whether it is to be computed, and large */
    boolean include(InternalRow row) {
        return row.isNullAt(MarkedDocuments.CODE)
                && row.getUTF8String(MarkedDocuments.TEXT).numBytes() >= bytes
                && !row.getBoolean(MarkedDocuments.DONE);
    }
}
