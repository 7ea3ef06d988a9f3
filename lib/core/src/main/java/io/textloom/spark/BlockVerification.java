package io.textloom.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.explode;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lag;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.sum;

import io.textloom.spark.commit.Manifest;
import io.textloom.table.Columns;
import io.textloom.table.TokenTable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.types.DataType;

/** What must hold of rows that are blocks of several documents. */
final class BlockVerification {
    private BlockVerification() {}

    static boolean holdsBlocks(Dataset<Row> rows) {
        return Arrays.stream(rows.schema().fields())
                .anyMatch(f -> f.name().equals(Columns.DOCUMENTS)
                        && DataType.equalsStructurally(f.dataType(), TokenTable.DOCUMENTS, true));
    }

    static boolean dropsRemainders(Manifest manifest) {
        return manifest.settings().getOrDefault("tokenize.remainder", "").equals("drop");
    }

    /** One row per piece: {@code id, start, length, offset}, and the tokenizer where there are several. */
    static Dataset<Row> documents(Dataset<Row> rows) {
        List<Column> columns = tokenizer(rows);
        columns.add(explode(col(Columns.DOCUMENTS)).as("piece"));
        return rows.select(columns.toArray(Column[]::new)).select("*", "piece.*");
    }

    /** @param counts given the number of tokens */
    static List<String> problems(Dataset<Row> rows, long manifestTokens, Map<String, Long> counts) {
        List<String> problems = new ArrayList<>();
        Row r = rows.agg(
                        coalesce(sum(Columns.N_TOKENS), lit(0L)),
                        coalesce(sum(expr("CAST(size(input_ids) < n_tokens AS INT)")), lit(0L)),
                        coalesce(
                                sum(expr("CAST(aggregate(documents, 0,"
                                        + " (at, x) -> IF(at = x.start, at + x.length, -1)) != n_tokens AS INT)")),
                                lit(0L)),
                        coalesce(max(expr("size(input_ids)")), lit(0)))
                .first();
        counts.put("tokens", r.getLong(0));
        if (r.getLong(0) != manifestTokens) {
            problems.add("tokens: found " + r.getLong(0) + ", but the manifest's tokens: " + manifestTokens);
        }
        if (r.getLong(1) + r.getLong(2) > 0) {
            problems.add((r.getLong(1) + r.getLong(2)) + " blocks hold other tokens than their documents' pieces say");
        }
        Dataset<Row> pieces = documents(rows);
        List<Column> document = tokenizer(rows);
        document.add(col(Columns.ID));
        Column before = lag(expr("offset + length"), 1, 0)
                .over(Window.partitionBy(document.toArray(Column[]::new)).orderBy("offset", "length"));
        long torn = pieces.withColumn("before", before)
                .filter(col("before").notEqual(col("offset")))
                .count();
        if (torn > 0) {
            problems.add(torn + " pieces of documents do not follow the one before: tokens are lost or doubled");
        }
        return problems;
    }

    private static List<Column> tokenizer(Dataset<Row> rows) {
        boolean several = List.of(rows.columns()).contains(Columns.TOKENIZER);
        return several ? new ArrayList<>(List.of(col(Columns.TOKENIZER))) : new ArrayList<>();
    }
}
