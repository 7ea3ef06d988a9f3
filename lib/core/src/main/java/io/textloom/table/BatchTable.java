package io.textloom.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Output of the jobs over OpenAI's batch files: one row per request. */
public final class BatchTable {
    /** The body of the response; JSON. */
    public static final String RESPONSE = "response";

    public static final StructType SCHEMA = new StructType()
            .add(Columns.ID, DataTypes.StringType, false)
            .add(RESPONSE, DataTypes.StringType, false)
            .add(Columns.N_PROMPT_TOKENS, DataTypes.IntegerType, false)
            .add(Columns.N_COMPLETION_TOKENS, DataTypes.IntegerType, false)
            .add(Columns.N_DROPPED, DataTypes.IntegerType, false)
            .add(Columns.TRUNCATED, DataTypes.BooleanType, false);

    private BatchTable() {}

    /** Values in the order of {@link #SCHEMA}. */
    public static Object[] row(String id, String response, int promptTokens, int completionTokens, int dropped) {
        return new Object[] {
            UTF8String.fromString(id),
            UTF8String.fromString(response),
            promptTokens,
            completionTokens,
            dropped,
            dropped > 0
        };
    }
}
