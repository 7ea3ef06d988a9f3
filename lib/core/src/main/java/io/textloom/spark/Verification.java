package io.textloom.spark;

import static org.apache.spark.sql.functions.coalesce;
import static org.apache.spark.sql.functions.col;
import static org.apache.spark.sql.functions.count;
import static org.apache.spark.sql.functions.expr;
import static org.apache.spark.sql.functions.get_json_object;
import static org.apache.spark.sql.functions.lit;
import static org.apache.spark.sql.functions.sum;

import io.textloom.spark.commit.Deleted;
import io.textloom.spark.commit.Manifest;
import io.textloom.spark.commit.OutputDirectory;
import io.textloom.spark.commit.OutputFormat;
import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputException;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.lineage.Redaction;
import io.textloom.table.Columns;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Recounts an output from its files alone, and against its input where that can still be read. */
final class Verification {
    private final SparkSession spark;
    private final OutputDirectory output;
    private final Manifest manifest;
    private final OutputTables tables;
    private final Set<String> unreadable = new HashSet<>();
    private final List<String> problems = new ArrayList<>();
    private final List<String> unchecked = new ArrayList<>();
    private final SortedMap<String, Long> counts = new TreeMap<>();

    private Verification(SparkSession spark, OutputDirectory output, Manifest manifest) {
        this.spark = spark;
        this.output = output;
        this.manifest = manifest;
        tables = new OutputTables(spark, output.path(), manifest);
    }

    static VerifyReport verify(SparkSession spark, String path, VerifyOptions options, JobBySettings job) {
        OutputDirectory output = OutputDirectory.open(path, spark.sparkContext().hadoopConfiguration());
        Manifest manifest = output.manifest()
                .orElseThrow(() -> new InputException(
                        path + " has no _textloom/manifest.json; name the output directory of a finished job"));
        Verification v = new Verification(spark, output, manifest);
        v.files();
        try {
            v.tables(options, job);
        } catch (OutputTables.DamagedOutputException e) {
            v.problems.add(e.getMessage());
        }
        return new VerifyReport(v.problems, v.counts, v.unchecked);
    }

    /** The files by themselves, and that there are no others. */
    private void files() {
        if (output.hasUnfinishedCommit()) {
            problems.add("A commit was cut off; run the job again, which finishes it");
        }
        List<FileState> states = new FileInspection(
                        output.path(),
                        new FooterFacts(manifest),
                        spark.sparkContext().hadoopConfiguration())
                .inspect(JavaSparkContext.fromSparkContext(spark.sparkContext()), manifest.files());
        for (FileState state : states) {
            problems.addAll(state.problems());
            if (!state.readable()) {
                unreadable.add(state.path());
            }
        }
        for (Kind kind : Kind.values()) {
            sameColumns(kind, states);
        }
        Set<String> named = new HashSet<>();
        manifest.files().forEach(file -> named.add(file.path()));
        output.committedFiles().stream()
                .filter(path -> !named.contains(path))
                .forEach(path -> problems.add(path + " is not a file of the manifest, but readers of the output see its"
                        + " rows; delete it or move it away"));
        counts.put("files", (long) states.size());
    }

    /** A file with other columns than most of its table is of another table. */
    private void sameColumns(Kind kind, List<FileState> states) {
        Set<String> paths = new HashSet<>();
        tables.files(kind).forEach(file -> paths.add(file.path()));
        Map<String, Integer> columns = new HashMap<>();
        List<FileState> readable = states.stream()
                .filter(state ->
                        paths.contains(state.path()) && !state.columns().isEmpty())
                .toList();
        readable.forEach(state -> columns.merge(state.columns(), 1, Integer::sum));
        String usual = columns.entrySet().stream()
                .max(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .orElse("");
        for (FileState state : readable) {
            if (!state.columns().equals(usual)) {
                problems.add(state.path() + " has the columns " + state.columns() + " but others of its table have "
                        + usual + "; " + FileInspection.REMEDY);
                unreadable.add(state.path());
            }
        }
    }

    private void tables(VerifyOptions options, JobBySettings job) {
        Dataset<Row> all = tables.table(Kind.ROWS, unreadable);
        Dataset<Row> errors = tables.table(Kind.ERRORS, unreadable);
        Dataset<Row> ledger = tables.table(Kind.LEDGER, unreadable);
        // kept columns may have any name and hold anything
        Dataset<Row> rows = all.drop(OutputTables.keptColumns(manifest).toArray(String[]::new));
        boolean blocks = BlockVerification.holdsBlocks(rows);
        problems.addAll(new IdVerification(manifest, counts).problems(rows, blocks, errors, ledger));
        problems.addAll(RowVerification.ofRows(rows, isOfWords()));
        problems.addAll(RowVerification.ofErrors(errors));
        problems.addAll(RowVerification.ofLedger(ledger));
        if (OutputTables.outputFormat(manifest) == OutputFormat.OPENAI_BATCH) {
            lines(rows, errors);
        }
        if (blocks) {
            problems.addAll(BlockVerification.problems(rows, manifest.counts().tokens(), counts));
        }
        problems.addAll(VectorVerification.problems(rows, manifest.settings(), counts));
        if (options.readInput() || options.recompute() > 0) {
            againstInput(options, job, all, ledger);
        }
    }

    /** Where the input or the model cannot be read any more, that is said and no problem of the output. */
    private void againstInput(VerifyOptions options, JobBySettings job, Dataset<Row> rows, Dataset<Row> ledger) {
        try {
            if (manifest.intake().inputs().stream().anyMatch(Redaction::hidesSomething)) {
                throw new InputException(
                        "The input " + String.join(", ", manifest.intake().inputs())
                                + " had credentials, which the manifest does not keep; put them where Spark's or Hadoop's"
                                + " settings hold them, and run the job anew with a plain path");
            }
            if (options.readInput()) {
                input(ledger);
            }
            if (options.recompute() > 0) {
                Recomputation recomputation = new Recomputation(spark, output, manifest, job, options);
                problems.addAll(recomputation.problems(rows, ledger));
                counts.put("recomputed", recomputation.documents());
            }
        } catch (Recomputation.ImpossibleException | InputException | io.textloom.model.ModelException e) {
            unchecked.add(String.valueOf(e.getMessage()));
        }
    }

    /** Word vectors drop words that have none, wherever they stand, and cut nothing off. */
    private boolean isOfWords() {
        List<Manifest.Model> parts = manifest.model().parts();
        return (parts.isEmpty() ? List.of(manifest.model()) : parts)
                .stream()
                        .anyMatch(model ->
                                model.facts().getOrDefault("model_type", "").equals("word2vec"));
    }

    /** Every row and every error has its line. */
    private void lines(Dataset<Row> rows, Dataset<Row> errors) {
        if (tables.files(Kind.LINES).isEmpty()) {
            same("rows and errors that no line answers", rows.count() + errors.count(), "the allowed", 0);
            return;
        }
        Dataset<Row> parsed = tables.table(Kind.LINES, unreadable)
                .select(
                        get_json_object(col("value"), "$.custom_id").as("custom_id"),
                        get_json_object(col("value"), "$.response.status_code").as("status"),
                        get_json_object(col("value"), "$.error.code").as("error"));
        long answered = parsed.filter("status = '200' AND error IS NULL").count();
        long failed = parsed.filter("status IS NULL AND error IS NOT NULL").count();
        long expected =
                tables.files(Kind.LINES).stream().mapToLong(Manifest.File::rows).sum();
        counts.put("lines", answered + failed);
        same("lines", parsed.count(), "the manifest's", expected);
        same("lines with a response", answered, "rows", rows.count());
        same("lines with an error", failed, "error rows", errors.count());
        same(
                "rows without a line",
                rows.join(parsed.filter("error IS NULL"), col(Columns.ID).equalTo(col("custom_id")), "left_anti")
                        .count(),
                "the allowed",
                0);
    }

    /**
     * Every row of the input is in the ledger with its content, dropped duplicates aside; and where ids that vanish leave the output, the ledger has no others.
     * All of the input is read, whatever {@code _textloom/input.json} says of it.
     */
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
        if (manifest.settings().getOrDefault("deleted", "").equalsIgnoreCase(Deleted.DROP.name())) {
            long gone = ledger.join(documents, col(Columns.ID).equalTo(col(Intake.ID)), "left_anti")
                    .count();
            same("ids that the input no longer has, which deleted=drop takes out", gone, "the allowed", 0);
        }
    }

    private void same(String what, long found, String expected, long value) {
        if (found != value) {
            problems.add(what + ": found " + found + ", but " + expected + ": " + value);
        }
    }
}
