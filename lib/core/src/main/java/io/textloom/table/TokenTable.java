package io.textloom.table;

import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Output of the tokenize job: one row per document. */
public final class TokenTable {
    public static final StructType SCHEMA = new StructType()
            .add(Columns.ID, DataTypes.StringType, false)
            .add(Columns.INPUT_IDS, DataTypes.createArrayType(DataTypes.IntegerType, false), false)
            .add(Columns.N_TOKENS, DataTypes.IntegerType, false)
            .add(Columns.N_DROPPED, DataTypes.IntegerType, false)
            .add(Columns.TRUNCATED, DataTypes.BooleanType, false);

    private TokenTable() {}

    /** Values in the order of {@link #SCHEMA}. */
    public static Object[] row(String id, int[] inputIds, int dropped) {
        return new Object[] {
            UTF8String.fromString(id),
            UnsafeArrayData.fromPrimitiveArray(inputIds),
            inputIds.length,
            dropped,
            dropped > 0
        };
    }
}
