package io.textloom.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.countDistinct;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.textloom.spark.commit.Manifest;
import io.textloom.spark.commit.OutputDirectory;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputException;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.LiteralPaths;
import io.textloom.table.Columns;
import io.textloom.table.ErrorTable;
import io.textloom.table.LedgerTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.util.HadoopInputFile;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Recounts an output from its files alone, and against its input where that can still be read. */
final class Verification {
    private final SparkSession spark;
    private final OutputDirectory output;
    private final Manifest manifest;
    private final List<String> problems = new ArrayList<>();
    private final SortedMap<String, Long> counts = new TreeMap<>();

    private Verification(SparkSession spark, OutputDirectory output, Manifest manifest) {
        this.spark = spark;
        this.output = output;
        this.manifest = manifest;
    }

    /** @param readInput whether the input named in the manifest is read again */
    static VerifyReport verify(SparkSession spark, String path, boolean readInput) {
        OutputDirectory output = OutputDirectory.open(path, spark.sparkContext().hadoopConfiguration());
        Manifest manifest = output.manifest()
                .orElseThrow(() -> new InputException(
                        path + " has no _textloom/manifest.json; name the output directory of a finished job"));
        Verification v = new Verification(spark, output, manifest);
        if (output.hasUnfinishedCommit()) {
            v.problems.add("A commit was cut off; run the job again, which finishes it");
        }
        Dataset<Row> rows = v.table(Kind.ROWS);
        Dataset<Row> errors = v.table(Kind.ERRORS);
        Dataset<Row> ledger = v.table(Kind.LEDGER);
        v.files(Kind.ROWS, rows);
        v.files(Kind.ERRORS, errors);
        v.files(Kind.LEDGER, ledger);
        if (v.format() == OutputFormat.OPENAI_BATCH) {
            v.lines(rows, errors);
        }
        v.footers();
        boolean blocks = BlockVerification.holdsBlocks(rows);
        Dataset<Row> documents = blocks ? BlockVerification.documents(rows) : rows;
        v.ids(rows, documents, errors, ledger);
        if (blocks) {
            BlockVerification.problems(rows, manifest.counts().tokens(), v.counts)
                    .forEach(v.problems::add);
        }
        new VectorVerification(rows, v.counts).problems().forEach(v.problems::add);
        if (readInput) {
            v.input(ledger);
        }
        return new VerifyReport(v.problems, v.counts);
    }

    private OutputFormat format() {
        return OutputFormat.valueOf(manifest.settings()
                .getOrDefault("outputFormat", "parquet")
                .toUpperCase(Locale.ROOT)
                .replace('-', '_'));
    }

    /** Every row and every error has its line. */
    private void lines(Dataset<Row> rows, Dataset<Row> errors) {
        if (manifest.files().stream().noneMatch(f -> f.kind() == Kind.LINES)) {
            same("rows and errors that no line answers", rows.count() + errors.count(), "the allowed", 0);
            return;
        }
        Dataset<Row> lines = table(Kind.LINES);
        files(Kind.LINES, lines);
        Dataset<Row> parsed = lines.select(
                get_json_object(col("value"), "$.custom_id").as("custom_id"),
                get_json_object(col("value"), "$.response.status_code").as("status"),
                get_json_object(col("value"), "$.error.code").as("error"));
        long answered = parsed.filter("status = '200' AND error IS NULL").count();
        long failed = parsed.filter("status IS NULL AND error IS NOT NULL").count();
        counts.put("lines", answered + failed);
        same("lines with a response", answered, "rows", rows.count());
        same("lines with an error", failed, "error rows", errors.count());
        same(
                "rows without a line",
                rows.join(parsed.filter("error IS NULL"), col(Columns.ID).equalTo(col("custom_id")), "left_anti")
                        .count(),
                "the allowed",
                0);
    }

    private Dataset<Row> table(Kind kind) {
        return switch (kind) {
            case ERRORS -> spark.read().schema(ErrorTable.SCHEMA).parquet(LiteralPaths.of(output.path(kind)));
            case LEDGER -> spark.read().schema(LedgerTable.SCHEMA).parquet(LiteralPaths.of(output.path(kind)));
            case LINES, VANISHED -> spark.read().text(LiteralPaths.of(output.path(kind)));
            case ROWS -> spark.read().format(format().ofRows()).load(LiteralPaths.of(output.path(kind)));
        };
    }

    /** Every file of the manifest is there with its rows, and no other. */
    private void files(Kind kind, Dataset<Row> table) {
        Map<String, Long> found = new HashMap<>();
        for (Row row :
                table.groupBy(col("_metadata.file_path")).agg(count(lit(1))).collectAsList()) {
            found.put(output.relative(row.getString(0)), row.getLong(1));
        }
        for (Manifest.File file : manifest.files()) {
            if (file.kind() == kind) {
                Long rows = found.remove(file.path());
                long present = rows == null ? 0 : rows;
                if (present != file.rows()) {
                    problems.add(file.path() + " holds " + present + " rows but the manifest says " + file.rows());
                }
            }
        }
        found.forEach(
                (file, rows) -> problems.add("A file the manifest does not name holds " + rows + " rows: " + file));
    }

    private void footers() {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        for (Manifest.File file : manifest.files()) {
            if (!file.path().endsWith(".parquet")) {
                continue;
            }
            Path path = new Path(output.path(), file.path());
            try (ParquetFileReader reader = ParquetFileReader.open(HadoopInputFile.fromPath(path, conf))) {
                String sha256 = reader.getFileMetaData().getKeyValueMetaData().get("textloom.sha256");
                if (!manifest.model().sha256().equals(sha256)) {
                    problems.add("The footer of " + file.path() + " names the model " + sha256 + " but the manifest "
                            + manifest.model().sha256());
                }
            } catch (IOException | RuntimeException e) {
                problems.add("Cannot read " + file.path() + ": " + e.getMessage());
            }
        }
    }

    /** @param documents rows with the id of a document each, where the table's own have ids of blocks */
    private void ids(Dataset<Row> rows, Dataset<Row> documents, Dataset<Row> errors, Dataset<Row> ledger) {
        List<String> names = List.of(rows.columns());
        List<Column> part = new ArrayList<>();
        for (String name : List.of(
                Columns.TOKENIZER, Columns.MODEL, Columns.CHUNK_INDEX, Columns.SENTENCE_INDEX, Columns.SAMPLE_INDEX)) {
            if (names.contains(name)) {
                part.add(col(name));
            }
        }
        Row r = rows.agg(
                        count(lit(1)),
                        countDistinct(col(Columns.ID), part.toArray(Column[]::new)),
                        coalesce(sum(expr("CAST(id IS NULL AS INT)")), lit(0)))
                .first();
        Dataset<Row> found = documents.select(Columns.ID).distinct();
        long documentsOut = found.count();
        long errorRows = errors.count();
        Row l = ledger.agg(
                        coalesce(sum(expr("CAST(rejected AS INT)")), lit(0)),
                        coalesce(sum(expr("CAST(NOT rejected AS INT)")), lit(0)))
                .first();
        long inNoRow = ledger.filter(col(Columns.REJECTED).equalTo(false))
                .join(found, Columns.ID, "left_anti")
                .count();
        Manifest.Counts c = manifest.counts();
        counts.put("rowsIn", c.rowsIn());
        counts.put("rowsOut", r.getLong(0));
        counts.put("documentsOut", documentsOut);
        counts.put("rowsRejected", errorRows);
        counts.put("duplicatesDropped", c.duplicatesDropped());
        if (BlockVerification.dropsRemainders(manifest)) {
            // documents of blocks that were not full are done, and in no row
            counts.put("documentsDropped", inNoRow);
            documentsOut += inNoRow;
        } else {
            same("ledger ids without an output row", inNoRow, "the allowed", 0);
        }
        same("rows", r.getLong(0), "the manifest's rowsOut", c.rowsOut());
        same("distinct ids", documentsOut, "the manifest's documentsOut", c.documentsOut());
        same("rows", r.getLong(0), "distinct ids and parts", r.getLong(1));
        same("rows without an id", r.getLong(2), "the allowed", 0);
        same("error rows", errorRows, "the manifest's rowsRejected", c.rowsRejected());
        same("ledger rows of errors", l.getLong(0), "the error rows", errorRows);
        same("ledger rows of documents", l.getLong(1), "the distinct ids", documentsOut);
        same(
                "rows in",
                c.rowsIn(),
                "documents out + rejected + dropped duplicates",
                documentsOut + errorRows + c.duplicatesDropped());
    }

    /** Every row of the input is in the ledger with its content, dropped duplicates aside. */
    private void input(Dataset<Row> ledger) {
        Dataset<Row> documents =
                new Intake(spark, manifest.intake()).documents().rows();
        boolean dropped = manifest.intake().duplicateIds() == DuplicateIds.KEEP_FIRST;
        String exempt = dropped ? " AND coalesce(" + Intake.CODE + ", '') != 'DUPLICATE_ID'" : "";
        Dataset<Row> known = ledger.select(
                        col(Columns.ID).as("known_id"),
                        col(Columns.CONTENT_HASH).as("known_hash"))
                .distinct();
        Row r = documents
                .join(
                        known,
                        col(Intake.ID)
                                .equalTo(col("known_id"))
                                .and(col(Intake.HASH).equalTo(col("known_hash"))),
                        "left_outer")
                .agg(count(lit(1)), coalesce(sum(expr("CAST(known_id IS NULL" + exempt + " AS INT)")), lit(0)))
                .first();
        counts.put("inputRows", r.getLong(0));
        same("input rows that are neither in the output nor in the error table", r.getLong(1), "the allowed", 0);
    }

    private void same(String what, long found, String expected, long value) {
        if (found != value) {
            problems.add(what + ": found " + found + ", but " + expected + ": " + value);
        }
    }
}
