package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.array_contains;
import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.collect_set;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.not;

import io.textloom.spark.intake.Intake;
import io.textloom.table.Columns;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.StructType;

/** The intake's documents with what the ledger knows of each, in the column order that {@link PartitionTask} reads by ordinal. */
final class MarkedDocuments {
    static final int ID = 0;
    static final int HASH = 1;
    static final int TEXT = 2;
    static final int CODE = 3;
    static final int MESSAGE = 4;
    static final int RAW = 5;
    /** Whether this row, with this content, is done. */
    static final int DONE = 6;
    /** Whether the output holds this id with other content. */
    static final int REPLACES = 7;
    /** Ordinal of the first kept column. */
    static final int KEPT = 8;

    private MarkedDocuments() {}

    /** @param ledger rows of {@link io.textloom.table.LedgerTable} */
    static Dataset<Row> mark(Dataset<Row> documents, Dataset<Row> ledger) {
        Dataset<Row> known = ledger.groupBy(col(Columns.ID).as("__known_id"))
                .agg(collect_set(col(Columns.CONTENT_HASH)).as("__known"));
        Column done = coalesce(array_contains(col("__known"), col(Intake.HASH)), lit(false));
        return select(
                documents.join(known, col(Intake.ID).equalTo(col("__known_id")), "left_outer"),
                documents,
                done,
                col("__known").isNotNull().and(not(done)).and(col(Intake.CODE).isNull()));
    }

    static Dataset<Row> unmarked(Dataset<Row> documents) {
        return select(documents, documents, lit(false), lit(false));
    }

    static StructType kept(Dataset<Row> marked) {
        return new StructType(Arrays.copyOfRange(
                marked.schema().fields(), KEPT, marked.schema().size()));
    }

    private static Dataset<Row> select(Dataset<Row> rows, Dataset<Row> documents, Column done, Column replaces) {
        List<Column> columns = new ArrayList<>();
        for (String name : List.of(Intake.ID, Intake.HASH, Intake.TEXT, Intake.CODE, Intake.MESSAGE, Intake.RAW)) {
            columns.add(col(name));
        }
        columns.add(done.as("__done"));
        columns.add(replaces.as("__replaces"));
        String[] names = documents.columns();
        for (String name : Arrays.asList(names).subList(columns.size() - 2, names.length)) {
            columns.add(col("`" + name + "`"));
        }
        return rows.select(columns.toArray(Column[]::new));
    }
}
