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
    /** A second of one core or two; below, the additional stages cost what they win. Unit: bytes */
    static final int LEAST_BYTES = 1 << 15;

    /** A task should be able to hold any document that it does whole. Unit: bytes */
    static final int MOST_BYTES = 1 << 22;

    /** Of the largest documents done whole so many would fill a task: the sum of twelve at random varies by 3 in 10 at most, so that twice the average is rare. */
    private static final int DOCUMENTS_PER_TASK = 12;

    /** @param tasks that the input goes to */
    static LargeDocuments of(TextSizes sizes, int tasks) {
        int bytes = MOST_BYTES;
        while (bytes > LEAST_BYTES && (sizes.bytes() - sizes.bytesFrom(bytes)) / tasks / DOCUMENTS_PER_TASK < bytes) {
            bytes /= 2;
        }
        return new LargeDocuments(bytes);
    }

    /** @param row of {@link MarkedDocuments}. @return whether it is to be computed, and large */
    boolean include(InternalRow row) {
        return row.isNullAt(MarkedDocuments.CODE)
                && !row.getBoolean(MarkedDocuments.VANISHED)
                && row.getUTF8String(MarkedDocuments.TEXT).numBytes() >= bytes
                && !row.getBoolean(MarkedDocuments.DONE);
    }
}
