package io.textloom.table;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
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

    private static final StructType ALTERNATIVE = new StructType()
            .add("id", DataTypes.IntegerType, false)
            .add("token", DataTypes.StringType, false)
            .add("logprob", DataTypes.FloatType, false);

    /** A token of a completion, and the likeliest in its place. */
    private static final StructType TOKEN =
            ALTERNATIVE.add("top", DataTypes.createArrayType(ALTERNATIVE, false), false);

    private CompletionTable() {}

    /** @param tokens whether each token's log-probability is given, in a column {@code tokens} */
    public static StructType schema(boolean tokens) {
        return tokens ? SCHEMA.add(Columns.TOKENS, DataTypes.createArrayType(TOKEN, false), false) : SCHEMA;
    }

    /** A value of {@code tokens}. */
    public static Object token(int id, String token, float logprob, List<Object> top) {
        return new GenericInternalRow(
                new Object[] {id, UTF8String.fromString(token), logprob, new GenericArrayData(top.toArray())});
    }

    /** One of a token's alternatives. */
    public static Object alternative(int id, String token, float logprob) {
        return new GenericInternalRow(new Object[] {id, UTF8String.fromString(token), logprob});
    }

    /**
     * Values in the order of {@link #schema}.
     *
     * @param tokens made by {@link #token}; empty where the schema has none
     */
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
            long seed,
            Optional<List<Object>> tokens) {
        Object[] row = {
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
        if (tokens.isEmpty()) {
            return row;
        }
        Object[] longer = Arrays.copyOf(row, row.length + 1);
        longer[row.length] = new GenericArrayData(tokens.get().toArray());
        return longer;
    }
}
