package io.textloom.table;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * The ledger: which input row, with which content, is done.
 *
 * <p>{@code code} is null for a row in the output, {@code attempt} counts from 1 how often this content was tried. Both are null in older ledgers.
 */
public final class LedgerTable {
    public static final StructType SCHEMA = new StructType()
            .add(Columns.ID, DataTypes.StringType, false)
            .add(Columns.CONTENT_HASH, DataTypes.StringType, false)
            .add(Columns.REJECTED, DataTypes.BooleanType, false)
            .add(Columns.CODE, DataTypes.StringType, true)
            .add(Columns.ATTEMPT, DataTypes.IntegerType, true);

    private LedgerTable() {}

    /** @param code why the row is in the error table; null for a row in the output */
    public static InternalRow row(UTF8String id, UTF8String contentHash, @Nullable UTF8String code, int attempt) {
        return new GenericInternalRow(new Object[] {id, contentHash, code != null, code, attempt});
    }

    /** Of an id that the input no longer has. */
    public static InternalRow vanished(UTF8String id) {
        return new GenericInternalRow(new Object[] {id, UTF8String.EMPTY_UTF8, false, null, 0});
    }
}
