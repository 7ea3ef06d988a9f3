package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.not;
import static org.apache.spark.sql.functions.size;
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

/**
 * The intake's documents with what the ledger knows of each, in the column order that {@link PartitionTask} reads by ordinal: the columns below, the kept
 * ones, then the partition columns once more as strings.
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
    /** Ordinal of the first kept column; before it stands {@link #REPLACES_ROWS}. */
    static final int KEPT = 9;

    /** Name of the column that says whether the output itself, not only its error table, holds older rows of this id. */
    static final String REPLACES_ROWS = "__replaces_rows";

    private static final List<String> OWN =
            List.of(Intake.ID, Intake.HASH, Intake.TEXT, Intake.CODE, Intake.MESSAGE, Intake.RAW);

    private MarkedDocuments() {}

    /**
     * A row that the stage rejected is not done: it is tried again. The rows of an id are done or not together, so that replacing one does not lose another.
     *
     * @param ledger rows of {@link io.textloom.table.LedgerTable}
     * @param dropDuplicates whether duplicate ids never reach the ledger
     * @param partitionBy kept columns
     */
    static Dataset<Row> mark(
            Documents documents, Dataset<Row> ledger, boolean dropDuplicates, List<String> partitionBy) {
        Dataset<Row> known = ledger.groupBy(col(Columns.ID).as("__known_id"))
                .agg(
                        collect_set(when(not(col(Columns.REJECTED)), col(Columns.CONTENT_HASH)))
                                .as("__accepted"),
                        collect_set(when(col(Columns.REJECTED), col(Columns.CONTENT_HASH)))
                                .as("__rejected"));
        Column asBefore = when(
                        col(Intake.CODE).equalTo(RejectCode.DUPLICATE_ID.name()).and(lit(dropDuplicates)), lit(true))
                .when(col(Intake.CODE).isNull(), array_contains(col("__accepted"), col(Intake.HASH)))
                .otherwise(array_contains(col("__rejected"), col(Intake.HASH)));
        Dataset<Row> joined = documents
                .rows()
                .join(known, col(Intake.ID).equalTo(col("__known_id")), "left_outer")
                .withColumn("__as_before", coalesce(asBefore, lit(false)))
                .withColumn("__key", documents.key())
                .repartition(documents.partitions(), col("__key"))
                .withColumn("__done", min(col("__as_before")).over(Window.partitionBy(col("__key"), col(Intake.ID))));
        Column replaces = col("__known_id").isNotNull().and(not(col("__done")));
        return select(
                joined,
                documents,
                col("__done"),
                replaces,
                replaces.and(size(col("__accepted")).gt(0)),
                partitionBy);
    }

    static Dataset<Row> unmarked(Documents documents, List<String> partitionBy) {
        return select(documents.rows(), documents, lit(false), lit(false), lit(false), partitionBy);
    }

    /** A sound row's document, which owns a copy of the row. */
    static Document document(InternalRow row) {
        InternalRow owned = row.copy();
        return new Document(owned.getUTF8String(ID), owned.getUTF8String(HASH), owned.getUTF8String(TEXT), owned, KEPT);
    }

    private static Dataset<Row> select(
            Dataset<Row> rows,
            Documents documents,
            Column done,
            Column replaces,
            Column replacesRows,
            List<String> partitionBy) {
        List<Column> columns = new ArrayList<>();
        OWN.forEach(name -> columns.add(col(name)));
        columns.add(done.as("__done"));
        columns.add(replaces.as("__replaces"));
        columns.add(coalesce(replacesRows, lit(false)).as(REPLACES_ROWS));
        for (String name : documents.kept().fieldNames()) {
            columns.add(col(Columns.quoted(name)));
        }
        for (String name : partitionBy) {
            columns.add(col(Columns.quoted(name)).cast("string").as("__partition_" + name));
        }
        return rows.select(columns.toArray(Column[]::new));
    }
}
