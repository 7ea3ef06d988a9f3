package io.textloom.table;

import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;

/** Output of the score job's task choices: one row per text. */
public final class ChoiceTable {
    private static final DataType CHOICES = DataTypes.createArrayType(
            new StructType()
                    .add("choice", DataTypes.StringType, false)
                    .add(Columns.LOGPROB, DataTypes.DoubleType, false)
                    .add(Columns.N_TOKENS, DataTypes.IntegerType, false)
                    .add(Columns.SCORE, DataTypes.DoubleType, false)
                    .add("probability", DataTypes.DoubleType, false),
            false);

    public static final StructType SCHEMA = new StructType()
            .add(Columns.ID, DataTypes.StringType, false)
            .add(Columns.LABEL, DataTypes.StringType, false)
            .add(Columns.CHOICES, CHOICES, false)
            .add(Columns.N_TOKENS, DataTypes.IntegerType, false)
            .add(Columns.N_DROPPED, DataTypes.IntegerType, false)
            .add(Columns.TRUNCATED, DataTypes.BooleanType, false);

    private ChoiceTable() {}

    public static Object choice(String choice, double logprob, int nTokens, double score, double probability) {
        return new GenericInternalRow(
                new Object[] {UTF8String.fromString(choice), logprob, nTokens, score, probability});
    }

    /**
     * Values in the order of {@link #SCHEMA}.
     *
     * @param label the best choice
     * @param choices what {@link #choice} gave
     * @param nTokens of all choices
     */
    public static Object[] row(UTF8String id, String label, Object[] choices, int nTokens, int nDropped) {
        return new Object[] {
            id, UTF8String.fromString(label), new GenericArrayData(choices), nTokens, nDropped, nDropped > 0
        };
    }
}
