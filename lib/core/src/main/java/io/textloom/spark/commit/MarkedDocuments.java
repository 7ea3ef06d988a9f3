package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.sum;
import static org.apache.spark.sql.functions.when;

import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.stage.Document;
import io.textloom.table.Columns;
import io.textloom.text.RejectCode;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.expressions.Window;
import org.apache.spark.sql.expressions.WindowSpec;

/**
 * The intake's documents with what the ledger knows of each, in the column order that {@link PartitionTask} reads by ordinal: the columns below, the kept
 * ones, then the partition columns once more as strings. Ids that only the ledger has may be among them, as rows without a document.
 */
final class MarkedDocuments {
    static final int ID = 0;
    static final int HASH = 1;
    static final int TEXT = 2;
    static final int CODE = 3;
    static final int MESSAGE = 4;
    static final int RAW = 5;
    /** Whether all rows of this id, with their content, ended before as they would now. */
    static final int DONE = 6;
    /** Whether the output or its error table holds older rows of this id, which go. */
    static final int REPLACES = 7;
    /** Whether the input has no row of this id. */
    static final int VANISHED = 9;
    /** How often this content was tried and rejected before. */
    static final int TRIED = 10;
    /** Ordinal of the first kept column. */
    static final int KEPT = 11;

    /** Name of column {@link #REPLACES}. */
    static final String REPLACES_ANY = "__replaces";

    /** Name of the column that says whether the output itself, not only its error table, holds older rows of this id. */
    static final String REPLACES_ROWS = "__replaces_rows";

    /** Name of column {@link #VANISHED}. */
    static final String HAS_VANISHED = "__vanished";

    private static final List<String> OWN =
            List.of(Intake.ID, Intake.HASH, Intake.TEXT, Intake.CODE, Intake.MESSAGE, Intake.RAW);

    /**
     * What a run asks of a ledger.
     *
     * @param retry which rejected rows are not done
     * @param dropDuplicates whether duplicate ids never reach the ledger
     * @param vanished whether ids are looked for that the input no longer has; an id that has fewer rows than before is then not done
     */
    record Rules(RetryErrors retry, boolean dropDuplicates, boolean vanished) {}

    private MarkedDocuments() {}

    /**
     * The rows of an id are done or not together, so that replacing one does not lose another.
     *
     * @param ledger rows of {@link io.textloom.table.LedgerTable}
     * @param partitionBy kept columns
     */
    static Dataset<Row> mark(Documents documents, Dataset<Row> ledger, Rules rules, List<String> partitionBy) {
        Column hash = col(Columns.CONTENT_HASH);
        Column rejected = col(Columns.REJECTED);
        Dataset<Row> known = ledger.groupBy(col(Columns.ID).as("__known_id"))
                .agg(
                        collect_set(when(not(rejected), hash)).as("__accepted"),
                        collect_set(when(rejected.and(rules.retry().isDoneIfSound()), hash))
                                .as("__settled"),
                        collect_set(when(rejected.and(rules.retry().isDoneIfFaulty()), hash))
                                .as("__rejected"),
                        collect_set(when(
                                        rejected,
                                        struct(
                                                hash.as("hash"),
                                                coalesce(col(Columns.ATTEMPT), lit(1))
                                                        .as("attempt"))))
                                .as("__tried"),
                        count(lit(1)).as("__known_rows"));
        Column dropped =
                col(Intake.CODE).equalTo(RejectCode.DUPLICATE_ID.name()).and(lit(rules.dropDuplicates()));
        Column asBefore = when(dropped, lit(true))
                .when(
                        col(Intake.CODE).isNull(),
                        array_contains(col("__accepted"), col(Intake.HASH))
                                .or(array_contains(col("__settled"), col(Intake.HASH))))
                .otherwise(array_contains(col("__rejected"), col(Intake.HASH)));
        WindowSpec id = Window.partitionBy(col("__key"), col(Intake.ID));
        Column done = min(col("__as_before")).over(id);
        if (rules.vanished()) {
            Column rows =
                    sum(when(coalesce(dropped, lit(false)), 0).otherwise(1)).over(id);
            done = done.and(coalesce(rows.equalTo(col("__known_rows")), lit(false)));
        }
        Dataset<Row> joined = documents
                .rows()
                .join(known, col(Intake.ID).equalTo(col("__known_id")), rules.vanished() ? "full_outer" : "left_outer")
                .withColumn(HAS_VANISHED, col(Intake.ID).isNull())
                .withColumn(Intake.ID, coalesce(col(Intake.ID), col("__known_id")))
                .withColumn("__as_before", coalesce(asBefore, lit(false)))
                .withColumn("__key", documents.key())
                .repartition(documents.partitions(), col("__key"))
                .withColumn("__done", done);
        Column replaces = col("__known_id").isNotNull().and(not(col("__done")));
        Column tried = coalesce(
                expr("array_max(transform(filter(__tried, t -> t.hash = " + Intake.HASH + "), t -> t.attempt))"),
                lit(0));
        List<Column> marks = List.of(
                col("__done"),
                replaces.as(REPLACES_ANY),
                coalesce(replaces.and(size(col("__accepted")).gt(0)), lit(false))
                        .as(REPLACES_ROWS),
                col(HAS_VANISHED),
                tried.as("__tried"));
        return select(joined, documents, marks, partitionBy);
    }

    static Dataset<Row> unmarked(Documents documents, List<String> partitionBy) {
        List<Column> marks = List.of(
                lit(false).as("__done"),
                lit(false).as(REPLACES_ANY),
                lit(false).as(REPLACES_ROWS),
                lit(false).as(HAS_VANISHED),
                lit(0).as("__tried"));
        return select(documents.rows(), documents, marks, partitionBy);
    }

    /** A sound row's document, which owns a copy of the row. */
    static Document document(InternalRow row) {
        InternalRow owned = row.copy();
        return new Document(owned.getUTF8String(ID), owned.getUTF8String(HASH), owned.getUTF8String(TEXT), owned, KEPT);
    }

    /** How often the document's content was tried with this time. */
    static int attempt(Document document) {
        return document.kept().getInt(TRIED) + 1;
    }

    private static Dataset<Row> select(
            Dataset<Row> rows, Documents documents, List<Column> marks, List<String> partitionBy) {
        List<Column> columns = new ArrayList<>();
        OWN.forEach(name -> columns.add(col(name)));
        columns.addAll(marks);
        for (String name : documents.kept().fieldNames()) {
            columns.add(col(Columns.quoted(name)));
        }
        for (String name : partitionBy) {
            columns.add(col(Columns.quoted(name)).cast("string").as("__partition_" + name));
        }
        return rows.select(columns.toArray(Column[]::new));
    }
}
