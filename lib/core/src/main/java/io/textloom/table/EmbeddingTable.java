package io.textloom.table;

import org.apache.spark.sql.catalyst.expressions.UnsafeArrayData;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Output of the embed job: one row per window of a document. */
public final class EmbeddingTable {
    /** Field metadata by which Arrow readers see a fixed-size list. */
    public static final String FIXED_SIZE = "arrow.fixed-size-list.size";

    private EmbeddingTable() {}

    /** @param dimensions length of every vector */
    public static StructType schema(int dimensions) {
        Metadata fixed = new MetadataBuilder().putLong(FIXED_SIZE, dimensions).build();
        return new StructType()
                .add(Columns.ID, DataTypes.StringType, false)
                .add(Columns.CHUNK_INDEX, DataTypes.IntegerType, false)
                .add(new StructField(
                        Columns.EMBEDDING, DataTypes.createArrayType(DataTypes.FloatType, false), false, fixed))
                .add(Columns.N_TOKENS, DataTypes.IntegerType, false)
                .add(Columns.N_DROPPED, DataTypes.IntegerType, false)
                .add(Columns.TRUNCATED, DataTypes.BooleanType, false);
    }

    /** Values in the order of {@link #schema}. */
    public static Object[] row(String id, int chunk, float[] embedding, int tokens, int dropped, boolean truncated) {
        return new Object[] {
            UTF8String.fromString(id), chunk, UnsafeArrayData.fromPrimitiveArray(embedding), tokens, dropped, truncated
        };
    }
}
