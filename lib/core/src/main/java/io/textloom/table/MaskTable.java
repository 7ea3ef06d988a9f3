package io.textloom.table;

import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Output of the score job's task fill-mask: one row per text. */
public final class MaskTable {
    /** A mask's place among the text's tokens and the characters it covers, in code points; a token that may stand there, and how likely it is. */
    private static final DataType PREDICTIONS = DataTypes.createArrayType(
            new StructType()
                    .add("position", DataTypes.IntegerType, false)
                    .add("start", DataTypes.IntegerType, false)
                    .add("end", DataTypes.IntegerType, false)
                    .add("token", DataTypes.StringType, false)
                    .add("token_id", DataTypes.IntegerType, false)
                    .add("score", DataTypes.FloatType, false),
            false);

    private final boolean nextSentence;
    private final StructType schema;

    /** @param nextSentence whether rows say how likely it is that the second text follows on the first */
    public MaskTable(boolean nextSentence) {
        this.nextSentence = nextSentence;
        StructType columns = new StructType()
                .add(Columns.ID, DataTypes.StringType, false)
                .add(Columns.PREDICTIONS, PREDICTIONS, false);
        if (nextSentence) {
            columns = columns.add(Columns.NEXT_SENTENCE, DataTypes.FloatType, false);
        }
        schema = columns.add(Columns.N_TOKENS, DataTypes.IntegerType, false)
                .add(Columns.N_DROPPED, DataTypes.IntegerType, false)
                .add(Columns.TRUNCATED, DataTypes.BooleanType, false);
    }

    public StructType schema() {
        return schema;
    }

    public static Object prediction(int position, int start, int end, String token, int tokenId, float score) {
        return new GenericInternalRow(
                new Object[] {position, start, end, UTF8String.fromString(token), tokenId, score});
    }

    /**
     * Values in the order of {@link #schema}.
     *
     * @param predictions what {@link #prediction} gave
     * @param next null unless rows have it
     */
    public Object[] row(UTF8String id, Object[] predictions, @Nullable Float next, int nTokens, int nDropped) {
        @Nullable Object[] values = new Object[schema.size()];
        int at = 0;
        values[at++] = id;
        values[at++] = new GenericArrayData(predictions);
        if (nextSentence) {
            values[at++] = next;
        }
        values[at++] = nTokens;
        values[at++] = nDropped;
        values[at] = nDropped > 0;
        return values;
    }
}
