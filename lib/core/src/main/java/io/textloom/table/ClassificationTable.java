package io.textloom.table;

import java.util.List;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.catalyst.util.ArrayBasedMapData;
import org.apache.spark.sql.catalyst.util.GenericArrayData;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Output of the classify job: one row per text. */
public final class ClassificationTable {
    /** What the rows say besides a label and its score. */
    public enum Kind {
        /** The scores of labels. */
        SCORES,
        /** What the text names. */
        ENTITIES,
        /** Answers found in the text. */
        SPANS
    }

    /** A label or an answer, its score, and the characters it covers, in code points. */
    private static final DataType ENTITIES = DataTypes.createArrayType(
            new StructType()
                    .add("entity", DataTypes.StringType, false)
                    .add("score", DataTypes.FloatType, false)
                    .add("word", DataTypes.StringType, false)
                    .add("start", DataTypes.IntegerType, false)
                    .add("end", DataTypes.IntegerType, false),
            false);

    private static final DataType SPANS = DataTypes.createArrayType(
            new StructType()
                    .add("text", DataTypes.StringType, false)
                    .add("score", DataTypes.FloatType, false)
                    .add("start", DataTypes.IntegerType, false)
                    .add("end", DataTypes.IntegerType, false),
            false);

    private final Kind kind;
    private final StructType schema;

    public ClassificationTable(Kind kind) {
        this.kind = kind;
        StructType columns = new StructType()
                .add(Columns.ID, DataTypes.StringType, false)
                .add(Columns.LABEL, DataTypes.StringType, true)
                .add(Columns.SCORE, DataTypes.FloatType, true);
        columns = switch (kind) {
            case SCORES ->
                columns.add(
                        Columns.SCORES,
                        DataTypes.createMapType(DataTypes.StringType, DataTypes.FloatType, false),
                        false);
            case ENTITIES -> columns.add(Columns.ENTITIES, ENTITIES, false);
            case SPANS -> columns.add(Columns.SPANS, SPANS, false).add(Columns.NULL_SCORE, DataTypes.FloatType, false);
        };
        schema = columns.add(Columns.N_TOKENS, DataTypes.IntegerType, false)
                .add(Columns.N_DROPPED, DataTypes.IntegerType, false)
                .add(Columns.TRUNCATED, DataTypes.BooleanType, false);
    }

    public StructType schema() {
        return schema;
    }

    /** @param scores in the order in which they are to stand */
    public static Object scores(List<String> labels, List<Float> scores) {
        return new ArrayBasedMapData(
                new GenericArrayData(labels.stream().map(UTF8String::fromString).toArray()),
                new GenericArrayData(scores.toArray()));
    }

    public static Object entity(String label, float score, String word, int start, int end) {
        return new GenericInternalRow(
                new Object[] {UTF8String.fromString(label), score, UTF8String.fromString(word), start, end});
    }

    public static Object span(String text, float score, int start, int end) {
        return new GenericInternalRow(new Object[] {UTF8String.fromString(text), score, start, end});
    }

    /** Entities or spans as a list. */
    public static Object list(Object[] rows) {
        return new GenericArrayData(rows);
    }

    /**
     * Values in the order of {@link #schema}.
     *
     * @param label null if nothing fits
     * @param detail what {@link #scores} or {@link #list} gave
     * @param nullScore ignored unless the kind is {@link Kind#SPANS}
     */
    public Object[] row(
            UTF8String id,
            @Nullable String label,
            @Nullable Float score,
            Object detail,
            float nullScore,
            int nTokens,
            int nDropped) {
        @Nullable Object[] values = new Object[schema.size()];
        int at = 0;
        values[at++] = id;
        values[at++] = label == null ? null : UTF8String.fromString(label);
        values[at++] = score;
        values[at++] = detail;
        if (kind == Kind.SPANS) {
            values[at++] = nullScore;
        }
        values[at++] = nTokens;
        values[at++] = nDropped;
        values[at] = nDropped > 0;
        return values;
    }
}
