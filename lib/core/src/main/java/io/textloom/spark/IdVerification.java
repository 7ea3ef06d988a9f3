package io.textloom.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.max;
import static org.apache.spark.sql.functions.min;
import static org.apache.spark.sql.functions.sum;

import io.textloom.spark.commit.Manifest;
import io.textloom.table.Columns;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Every id is in the rows once, or in all its parts; and the ledger says the same of it as the rows and the errors do. All tables meet in one aggregation by id.
 */
final class IdVerification {
    /** What is summed up by id. Of the rows: how many, of how many makers, whether some are doubled or missing. Of the ledger and the errors: how many, and how they ended. */
    private static final List<String> SUMMED = List.of(
            "rows", "groups", "doubled", "gaps", "done", "rejected", "untold", "outcomes", "errors", "errorOutcomes");

    /** How a rejected row ended, as a number that can be summed up in any order. */
    private static final String OUTCOME = "coalesce(pmod(xxhash64(code, attempt), 2147483647L), 0L)";

    private static final String AGAIN = "; run the job again with --mode overwrite";

    private final Manifest manifest;
    private final SortedMap<String, Long> counts;
    private final List<String> problems = new ArrayList<>();

    /** @param counts added to */
    IdVerification(Manifest manifest, SortedMap<String, Long> counts) {
        this.manifest = manifest;
        this.counts = counts;
    }

    /**
     * @param rows of the job, its own columns alone
     * @param blocks whether they are blocks of many documents
     */
    List<String> problems(Dataset<Row> rows, boolean blocks, Dataset<Row> errors, Dataset<Row> ledger) {
        Dataset<Row> documents = blocks ? ofBlocks(rows) : ofRows(rows);
        Dataset<Row> listed = ledger.select(
                col(Columns.ID),
                expr("CAST(NOT rejected AS LONG)").as("done"),
                expr("CAST(rejected AS LONG)").as("rejected"),
                expr("CAST(rejected AND code IS NULL AS LONG)").as("untold"),
                expr("IF(rejected, " + OUTCOME + ", 0L)").as("outcomes"));
        Dataset<Row> failed = errors.select(
                col(Columns.ID), lit(1L).as("errors"), expr(OUTCOME).as("errorOutcomes"));
        List<Column> sums = SUMMED.stream().map(name -> sum(name).as(name)).toList();
        Row r = complete(documents)
                .unionByName(complete(listed))
                .unionByName(complete(failed))
                .groupBy(Columns.ID)
                .agg(sums.get(0), sums.subList(1, sums.size()).toArray(Column[]::new))
                .agg(
                        coalesce(sum("rows"), lit(0L)),
                        all("rows > 0"),
                        all("done > 0 AND rows = 0"),
                        of("doubled > 0"),
                        of("gaps > 0"),
                        of("done > 0 AND rows = 0"),
                        of("done = 0 AND rows > 0"),
                        of("done > 1"),
                        of("rejected != errors"),
                        of("rows > 0 AND groups != " + groupsOf(rows)),
                        of("rejected = errors AND untold = 0 AND outcomes != errorOutcomes"),
                        coalesce(sum("errors"), lit(0L)))
                .first();
        long rowsOut = blocks ? blocks(rows) : r.getLong(0);
        long documentsOut = r.getLong(1);
        boolean drops = BlockVerification.dropsRemainders(manifest);
        if (drops) {
            // documents of blocks that were not full are done, and in no row
            counts.put("documentsDropped", r.getLong(2));
            documentsOut += r.getLong(2);
        }
        some(r.getStruct(3), "ids with the same row more than once" + parts(rows));
        some(r.getStruct(4), "ids with a gap in their " + numbering(rows));
        if (!drops) {
            some(r.getStruct(5), "ids that are done by the ledger and in no row");
        }
        some(r.getStruct(6), "ids in the rows that are not done by the ledger");
        some(r.getStruct(7), "ids that are more than once done by the ledger");
        some(r.getStruct(8), "ids with another number of error rows than the ledger says");
        some(r.getStruct(9), "ids without a row of each of the " + groupsOf(rows) + " models");
        some(r.getStruct(10), "ids whose error rows have another code or attempt than the ledger says");
        totals(rowsOut, documentsOut, r.getLong(11));
        return problems;
    }

    private void totals(long rowsOut, long documentsOut, long errorRows) {
        Manifest.Counts c = manifest.counts();
        counts.put("rowsIn", c.rowsIn());
        counts.put("rowsOut", rowsOut);
        counts.put("documentsOut", documentsOut);
        counts.put("rowsRejected", errorRows);
        counts.put("duplicatesDropped", c.duplicatesDropped());
        same("rows", rowsOut, "rowsOut", c.rowsOut());
        same("documents", documentsOut, "documentsOut", c.documentsOut());
        same("error rows", errorRows, "rowsRejected", c.rowsRejected());
        same(
                "documents, error rows and dropped duplicates together",
                documentsOut + errorRows + c.duplicatesDropped(),
                "rowsIn",
                c.rowsIn());
    }

    private void same(String what, long found, String count, long value) {
        if (found != value) {
            problems.add(what + ": found " + found + ", but the manifest's " + count + " is " + value
                    + "; restore the manifest or the files from a copy, or run the job again with --mode overwrite");
        }
    }

    /** One row per id: its rows, whether some are doubled, whether their numbers have a gap. */
    private Dataset<Row> ofRows(Dataset<Row> rows) {
        List<Column> group = new ArrayList<>(List.of(col(Columns.ID)));
        maker(rows).forEach(name -> group.add(col(name)));
        String number = number(rows);
        Dataset<Row> found = rows;
        Column[] groups = group.toArray(Column[]::new);
        if (number.isEmpty()) {
            found = found.groupBy(groups)
                    .agg(count(lit(1)).as("rows"))
                    .withColumn("doubled", expr("CAST(rows > 1 AS LONG)"))
                    .withColumn("gaps", lit(0L));
        } else {
            List<Column> each = new ArrayList<>(group);
            each.add(col(number));
            // by id alone, so that both aggregations need one shuffle
            found = found.select(each.toArray(Column[]::new))
                    .repartition(col(Columns.ID))
                    .groupBy(each.toArray(Column[]::new))
                    .agg(count(lit(1)).as("same"))
                    .groupBy(groups)
                    .agg(
                            sum("same").as("rows"),
                            count(lit(1)).as("distinct"),
                            min(number).as("first"),
                            max(number).as("last"))
                    .withColumn("doubled", expr("CAST(rows > distinct AS LONG)"))
                    .withColumn("gaps", gaps(number));
        }
        return found.select(col(Columns.ID), col("rows"), lit(1L).as("groups"), col("doubled"), col("gaps"));
    }

    /** A document that has no sentence with tokens at a number has none there. */
    private static Column gaps(String number) {
        return number.equals(Columns.SENTENCE_INDEX)
                ? lit(0L)
                : expr("CAST(first != 0 OR last != distinct - 1 AS LONG)");
    }

    private static Dataset<Row> ofBlocks(Dataset<Row> rows) {
        Dataset<Row> documents =
                BlockVerification.documents(rows).select(Columns.ID).distinct();
        return documents.select(col(Columns.ID), lit(1L).as("rows"));
    }

    private long blocks(Dataset<Row> rows) {
        List<Column> group = new ArrayList<>(List.of(col(Columns.ID)));
        maker(rows).forEach(name -> group.add(col(name)));
        Row r = rows.groupBy(group.toArray(Column[]::new))
                .agg(count(lit(1)).as("rows"))
                .agg(coalesce(sum("rows"), lit(0L)), of("rows > 1"))
                .first();
        some(r.getStruct(1), "ids of more than one block");
        return r.getLong(0);
    }

    private long groupsOf(Dataset<Row> rows) {
        if (BlockVerification.holdsBlocks(rows)) {
            return 0;
        }
        return maker(rows).isEmpty() ? 1 : manifest.model().parts().size();
    }

    /** The column that says which of several models made a row. */
    private List<String> maker(Dataset<Row> rows) {
        List<String> names = List.of(rows.columns());
        return manifest.model().parts().isEmpty()
                ? List.of()
                : List.of(Columns.TOKENIZER, Columns.MODEL).stream()
                        .filter(names::contains)
                        .toList();
    }

    /** The column that numbers the rows of an id; empty for none. */
    private static String number(Dataset<Row> rows) {
        List<String> names = List.of(rows.columns());
        return List.of(Columns.CHUNK_INDEX, Columns.SENTENCE_INDEX, Columns.SAMPLE_INDEX).stream()
                .filter(names::contains)
                .findFirst()
                .orElse("");
    }

    private static String numbering(Dataset<Row> rows) {
        return number(rows).isEmpty() ? "rows" : number(rows) + ", which should be 0 and on without one missing";
    }

    private static String parts(Dataset<Row> rows) {
        return number(rows).isEmpty() ? "" : " (the same " + number(rows) + ")";
    }

    /** With zeros for what only other tables say. */
    private static Dataset<Row> complete(Dataset<Row> table) {
        List<String> own = List.of(table.columns());
        List<Column> columns = new ArrayList<>(List.of(col(Columns.ID)));
        SUMMED.forEach(name -> columns.add(own.contains(name) ? col(name) : lit(0L).as(name)));
        return table.select(columns.toArray(Column[]::new));
    }

    private static Column all(String condition) {
        return expr("count_if(" + condition + ")");
    }

    /** How many ids are so, and the first of them. */
    private static Column of(String condition) {
        return expr("struct(count_if(" + condition + ") AS n, min(IF(" + condition + ", id, NULL)) AS id)");
    }

    private void some(Row found, String what) {
        if (found.getLong(0) > 0) {
            problems.add(what + ": " + found.getLong(0) + ", the first is " + found.get(1) + AGAIN);
        }
    }
}
