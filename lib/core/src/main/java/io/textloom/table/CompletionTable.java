package io.textloom.table;

import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Output of the generate job: one row per sample of a prompt. */
public final class CompletionTable {
    public static final StructType SCHEMA = new StructType()
            .add(Columns.ID, DataTypes.StringType, false)
            .add(Columns.SAMPLE_INDEX, DataTypes.IntegerType, false)
            .add(Columns.PROMPT, DataTypes.StringType, false)
            .add(Columns.COMPLETION, DataTypes.StringType, false)
            .add(Columns.N_PROMPT_TOKENS, DataTypes.IntegerType, false)
            .add(Columns.N_COMPLETION_TOKENS, DataTypes.IntegerType, false)
            .add(Columns.N_DROPPED, DataTypes.IntegerType, false)
            .add(Columns.TRUNCATED, DataTypes.BooleanType, false)
            .add(Columns.FINISH_REASON, DataTypes.StringType, false)
            .add(Columns.LOGPROB, DataTypes.DoubleType, false)
            .add(Columns.SEED, DataTypes.LongType, false);

    private CompletionTable() {}

    /** Values in the order of {@link #SCHEMA}. */
    public static Object[] row(
            String id,
            int sample,
            String prompt,
            String completion,
            int promptTokens,
            int completionTokens,
            int dropped,
            String finishReason,
            double logprob,
            long seed) {
        return new Object[] {
            UTF8String.fromString(id),
            sample,
            UTF8String.fromString(prompt),
            UTF8String.fromString(completion),
            promptTokens,
            completionTokens,
            dropped,
            dropped > 0,
            UTF8String.fromString(finishReason),
            logprob,
            seed
        };
    }
}
