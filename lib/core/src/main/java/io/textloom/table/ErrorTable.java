package io.textloom.table;

import io.textloom.text.Rejection;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** The error table: one row per rejected input row. */
public final class ErrorTable {
    /** Longest {@code input} kept; unit: bytes of UTF-8. */
    public static final int MAX_INPUT_BYTES = 4096;

    public static final StructType SCHEMA = new StructType()
            .add(Columns.ID, DataTypes.StringType, false)
            .add(Columns.STAGE, DataTypes.StringType, false)
            .add(Columns.CODE, DataTypes.StringType, false)
            .add(Columns.MESSAGE, DataTypes.StringType, false)
            .add(Columns.INPUT, DataTypes.StringType, true)
            .add(Columns.ATTEMPT, DataTypes.IntegerType, false);

    private ErrorTable() {}

    /** @param attempt how often this row was tried, from 1 */
    public static InternalRow row(String id, String stage, Rejection rejection, String input, int attempt) {
        return new GenericInternalRow(new Object[] {
            UTF8String.fromString(id),
            UTF8String.fromString(stage),
            UTF8String.fromString(rejection.code().name()),
            UTF8String.fromString(rejection.message()),
            UTF8String.fromString(cut(input)),
            attempt
        });
    }

    /** The same as {@link #row} for Spark's typed interfaces. */
    public static Row externalRow(String id, String stage, Rejection rejection, String input, int attempt) {
        return RowFactory.create(id, stage, rejection.code().name(), rejection.message(), cut(input), attempt);
    }

    /** Cuts to {@link #MAX_INPUT_BYTES} without splitting a character. */
    static String cut(String input) {
        byte[] utf8 = input.getBytes(StandardCharsets.UTF_8);
        if (utf8.length <= MAX_INPUT_BYTES) {
            return input;
        }
        int end = MAX_INPUT_BYTES;
        while (end > 0 && (utf8[end] & 0xc0) == 0x80) {
            end--;
        }
        return new String(Arrays.copyOf(utf8, end), StandardCharsets.UTF_8);
    }
}
