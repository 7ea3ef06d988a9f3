package io.textloom.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.textloom.table.Columns;
import io.textloom.table.EmbeddingTable;
import io.textloom.tensor.VectorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.StructField;

/** Checks the vectors of an embed job's output: their lengths, their scales, and that every component is a number. */
final class VectorVerification {
    private static final String NO_NUMBER = "x IS NULL OR isnan(x) OR abs(x) = CAST('Infinity' AS FLOAT)";

    private final Dataset<Row> rows;
    private final SortedMap<String, Long> counts;
    private final List<String> problems = new ArrayList<>();

    /** @param counts added to */
    VectorVerification(Dataset<Row> rows, SortedMap<String, Long> counts) {
        this.rows = rows;
        this.counts = counts;
    }

    /** Nothing is wrong with a table that has no vectors. */
    List<String> problems() {
        List<String> names = List.of(rows.columns());
        if (names.contains(Columns.EMBEDDING)) {
            embeddings(rows.schema().apply(Columns.EMBEDDING), !names.contains(Columns.MODEL));
        }
        if (names.contains(Columns.SCALE)) {
            none("scales that are no positive number", "NOT (scale > 0 AND scale < CAST('Infinity' AS FLOAT))");
        }
        if (names.contains(Columns.TOKENS)) {
            none("rows with another number of token vectors than tokens", "size(tokens) != n_tokens");
            none(
                    "rows with a token vector that is no number",
                    "exists(tokens, t -> exists(t.vector, x -> " + NO_NUMBER + "))");
        }
        if (names.contains(Columns.LABEL) && names.contains(Columns.SCORE)) {
            none("rows with a label or a score alone", "(label IS NULL) != (score IS NULL)");
            none("scores that are no number", "isnan(score) OR abs(score) = CAST('Infinity' AS FLOAT)");
        }
        return problems;
    }

    /**
     * What the metadata say is checked where the format keeps them: ORC does not.
     *
     * @param alike whether all vectors have one length
     */
    private void embeddings(StructField column, boolean alike) {
        Metadata metadata = column.metadata();
        boolean bytes = column.dataType().equals(DataTypes.BinaryType);
        String length = bytes ? "length(embedding)" : "size(embedding)";
        Row r = rows.agg(expr("min(" + length + ")"), expr("max(" + length + ")"))
                .first();
        if (!r.isNullAt(0) && metadata.contains(EmbeddingTable.DIMENSIONS)) {
            long dimensions = metadata.getLong(EmbeddingTable.DIMENSIONS);
            VectorType type = VectorType.valueOf(
                    metadata.getString(EmbeddingTable.VECTOR_TYPE).toUpperCase(Locale.ROOT));
            long expected = bytes ? type.bytes((int) dimensions) : dimensions;
            counts.put("dimensions", dimensions);
            same("smallest vector", r.getInt(0), "the schema's", expected);
            same("largest vector", r.getInt(1), "the schema's", expected);
        } else if (!r.isNullAt(0) && alike) {
            same("smallest vector", r.getInt(0), "the largest", r.getInt(1));
        }
        if (column.dataType() instanceof ArrayType list && list.elementType().equals(DataTypes.FloatType)) {
            none("vectors with a value that is no number", "exists(embedding, x -> " + NO_NUMBER + ")");
        }
    }

    private void none(String what, String condition) {
        Row r = rows.agg(coalesce(sum(expr("CAST(" + condition + " AS INT)")), lit(0)))
                .first();
        same(what, r.getLong(0), "the allowed", 0);
    }

    private void same(String what, long found, String expected, long value) {
        if (found != value) {
            problems.add(what + ": found " + found + ", but " + expected + ": " + value);
        }
    }
}
