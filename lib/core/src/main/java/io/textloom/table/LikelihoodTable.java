package io.textloom.table;

import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Output of the score job's task log-likelihood: one row per text. */
public final class LikelihoodTable {
    private static final DataType TOKENS = DataTypes.createArrayType(
            new StructType()
                    .add("token_id", DataTypes.IntegerType, false)
                    .add(Columns.LOGPROB, DataTypes.FloatType, false)
                    .add(Columns.GREEDY, DataTypes.BooleanType, false),
            false);

    private final boolean tokens;
    private final StructType schema;

    /** @param tokens whether rows have every token's log-probability */
    public LikelihoodTable(boolean tokens) {
        this.tokens = tokens;
        StructType columns = new StructType()
                .add(Columns.ID, DataTypes.StringType, false)
                .add(Columns.LOGPROB, DataTypes.DoubleType, false)
                .add(Columns.N_TOKENS, DataTypes.IntegerType, false)
                .add(Columns.N_BYTES, DataTypes.IntegerType, false)
                .add(Columns.BITS_PER_BYTE, DataTypes.DoubleType, true)
                .add(Columns.PERPLEXITY, DataTypes.DoubleType, false)
                .add(Columns.GREEDY, DataTypes.BooleanType, false);
        if (tokens) {
            columns = columns.add(Columns.TOKENS, TOKENS, false);
        }
        schema = columns.add(Columns.N_DROPPED, DataTypes.IntegerType, false)
                .add(Columns.TRUNCATED, DataTypes.BooleanType, false);
    }

    public StructType schema() {
        return schema;
    }

    /** Minus the logarithm to base 2 by bytes. */
    public static double bitsPerByte(double logprob, double bytes) {
        return -logprob / Math.log(2) / bytes;
    }

    public static double perplexity(double logprob, double tokens) {
        return Math.exp(-logprob / tokens);
    }

    /**
     * Values in the order of {@link #schema}.
     *
     * @param nTokens scored ones, at least one
     * @param nBytes what these stand for; {@code bits_per_byte} is null where that is nothing
     * @param ids,logprobs,likeliest of each scored token; looked at if rows have them
     */
    public Object[] row(
            UTF8String id,
            double logprob,
            int nTokens,
            int nBytes,
            boolean greedy,
            int[] ids,
            float[] logprobs,
            boolean[] likeliest,
            int nDropped) {
        @Nullable Object[] values = new Object[schema.size()];
        int at = 0;
        values[at++] = id;
        values[at++] = logprob;
        values[at++] = nTokens;
        values[at++] = nBytes;
        values[at++] = nBytes == 0 ? null : bitsPerByte(logprob, nBytes);
        values[at++] = perplexity(logprob, nTokens);
        values[at++] = greedy;
        if (tokens) {
            Object[] all = new Object[nTokens];
            for (int i = 0; i < nTokens; i++) {
                all[i] = new GenericInternalRow(new Object[] {ids[i], logprobs[i], likeliest[i]});
            }
            values[at++] = new GenericArrayData(all);
        }
        values[at++] = nDropped;
        values[at] = nDropped > 0;
        return values;
    }
}
