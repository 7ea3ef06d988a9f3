package io.textloom.spark.stage;

import io.textloom.generate.SamplingOptions;
import io.textloom.text.RejectCode;
import io.textloom.text.Rejection;
import org.apache.spark.sql.types.DataType;
import org.jspecify.annotations.Nullable;

/**
 * The column with each row's own longest completion.
 *
 * @param ordinal its place among the kept columns
 * @param type of whole numbers
 */
record RowLimits(String column, int ordinal, DataType type) {
    /** The row's own number, the options' where it is null. */
    long of(Document document, SamplingOptions sampling) {
        @Nullable Object value = document.keptValue(ordinal, type);
        return value instanceof Number number ? number.longValue() : sampling.maxNewTokens();
    }

    Rejection rejection(long found) {
        return new Rejection(
                RejectCode.INVALID_REQUEST,
                "The column " + column + " is " + found + "; expected the longest completion, at least 1 token");
    }
}
