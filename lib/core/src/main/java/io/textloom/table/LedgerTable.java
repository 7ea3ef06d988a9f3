package io.textloom.table;

import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** The ledger: which input row, with which content, is done. */
public final class LedgerTable {
    public static final StructType SCHEMA = new StructType()
            .add(Columns.ID, DataTypes.StringType, false)
            .add(Columns.CONTENT_HASH, DataTypes.StringType, false)
            .add(Columns.REJECTED, DataTypes.BooleanType, false);

    private LedgerTable() {}

    public static InternalRow row(UTF8String id, UTF8String contentHash, boolean rejected) {
        return new GenericInternalRow(new Object[] {id, contentHash, rejected});
    }
}
