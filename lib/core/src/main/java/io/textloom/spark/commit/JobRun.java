package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.col;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Stage;
import io.textloom.table.Columns;
import io.textloom.table.ErrorTable;
import io.textloom.table.LedgerTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.util.LongAccumulator;
import org.apache.spark.util.SerializableConfiguration;

/**
 * Runs one stage over documents and commits what came of it.
 *
 * <p>The order: finish or take over what an earlier run left, mark what the ledger has as done, run the tasks, rewrite files that hold older versions of
 * rows, commit by journal. Nothing a reader sees changes before every task has reported.
 */
public final class JobRun {
    private final SparkSession spark;
    private final String job;
    private final Stage stage;
    private final OutputOptions options;
    private final IntakeOptions intake;
    private final Manifest.Model model;
    private final SortedMap<String, String> settings;
    private final SortedMap<String, String> versions;
    private final LongAccumulator rowsDone;
    private final LongAccumulator tokensDone;

    /**
     * @param settings resolved key → value, for the manifest
     * @param versions what made the output: library, Java, operating system → version
     * @param rowsDone,tokensDone counters for display only
     */
    public JobRun(
            SparkSession spark,
            String job,
            Stage stage,
            OutputOptions options,
            IntakeOptions intake,
            Manifest.Model model,
            SortedMap<String, String> settings,
            SortedMap<String, String> versions,
            LongAccumulator rowsDone,
            LongAccumulator tokensDone) {
        this.spark = spark;
        this.job = job;
        this.stage = stage;
        this.options = options;
        this.intake = intake;
        this.model = model;
        this.settings = settings;
        this.versions = versions;
        this.rowsDone = rowsDone;
        this.tokensDone = tokensDone;
    }

    /** What a run did; the manifest is as it stands after it. */
    public record Result(Manifest.Run run, Manifest manifest, long rowsOut, Meter meter) {}

    /** @throws OutputException if the output directory must not be touched as asked */
    public Result run(Supplier<Dataset<Row>> documents) {
        long start = System.nanoTime();
        try {
            OutputDirectory output =
                    OutputDirectory.open(options.path(), spark.sparkContext().hadoopConfiguration());
            TreeMap<String, String> resultSettings = new TreeMap<>(Manifest.resultSettings(settings, model));
            Optional<Manifest> before = check(output, resultSettings);
            String resumedFrom = "";
            if (options.mode() == RunMode.RESUME) {
                for (String interrupted : output.interruptedRuns(resultSettings)) {
                    List<TaskReport> finished = output.finishedTasks(interrupted);
                    if (!finished.isEmpty()) {
                        before =
                                Optional.of(commit(output, interrupted, interrupted, before, finished, List.of(), start)
                                        .manifest());
                        resumedFrom = interrupted;
                    }
                }
            }
            output.clearStaging();
            return work(output, before, resumedFrom, resultSettings, documents.get(), start);
        } catch (IOException e) {
            throw new UncheckedIOException("The output directory " + options.path() + " failed: " + e.getMessage(), e);
        }
    }

    private Optional<Manifest> check(OutputDirectory output, TreeMap<String, String> resultSettings)
            throws IOException {
        Optional<Manifest> manifest = output.manifest();
        if (manifest.isEmpty()) {
            if (output.hasVisibleFiles()) {
                throw new OutputException(output.path() + " holds files but no Textloom manifest;"
                        + " choose another --output or empty that directory");
            }
            return manifest;
        }
        Manifest found = manifest.get();
        if (options.mode() == RunMode.FAIL) {
            throw new OutputException(output.path() + " already holds the output of a " + found.job()
                    + " job; choose another --output, or --mode resume or overwrite");
        }
        if (options.mode() == RunMode.RESUME) {
            SortedMap<String, String> made = Manifest.resultSettings(found.settings(), found.model());
            List<String> differing = new ArrayList<>();
            if (!found.job().equals(job)) {
                differing.add("job (" + found.job() + ", now " + job + ")");
            }
            TreeMap<String, String> keys = new TreeMap<>(made);
            keys.putAll(resultSettings);
            for (String key : keys.keySet()) {
                String was = made.getOrDefault(key, "unset");
                String is = resultSettings.getOrDefault(key, "unset");
                if (!was.equals(is)) {
                    differing.add(key + " (" + was + ", now " + is + ")");
                }
            }
            if (!differing.isEmpty()) {
                throw new OutputException(output.path() + " was made with other settings: "
                        + String.join(", ", differing)
                        + "; use the same settings, --mode overwrite, or another --output");
            }
        }
        return manifest;
    }

    private Result work(
            OutputDirectory output,
            Optional<Manifest> before,
            String resumedFrom,
            TreeMap<String, String> resultSettings,
            Dataset<Row> documents,
            long start)
            throws IOException {
        boolean resuming = options.mode() == RunMode.RESUME && before.isPresent();
        Dataset<Row> marked = resuming
                ? MarkedDocuments.mark(
                        documents, spark.read().schema(LedgerTable.SCHEMA).parquet(output.path(Kind.LEDGER)))
                : MarkedDocuments.unmarked(documents);
        OutputLayout layout = new OutputLayout(stage.columns(), MarkedDocuments.kept(marked), options.partitionBy());
        String runId = runId();
        Map<String, String> footer = footer(runId);
        TableFormat rows =
                TableFormat.create(spark, options.format(), layout.files(), footer, List.of("embedding.list.element"));
        TableFormat errors = TableFormat.create(spark, OutputFormat.PARQUET, ErrorTable.SCHEMA, footer, List.of());
        TableFormat ledger = TableFormat.create(spark, OutputFormat.PARQUET, LedgerTable.SCHEMA, footer, List.of());
        String staging = output.begin(runId, resultSettings);
        PartitionTask task = new PartitionTask(
                stage,
                layout,
                rows,
                errors,
                ledger,
                staging,
                intake.duplicateIds() == DuplicateIds.KEEP_FIRST,
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration()),
                rowsDone,
                tokensDone);
        JavaRDD<InternalRow> input = marked.queryExecution().toRdd().toJavaRDD();
        if (input.getNumPartitions() == 0) {
            // Spark plans an input that it knows to be empty without tasks; one task must write the empty tables
            input = JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(List.of(), 1);
        }
        List<TaskReport> reports = input.mapPartitionsWithIndex(task, true).collect();

        List<Replacement.Rewritten> rewritten = new ArrayList<>();
        if (before.isPresent() && reports.stream().anyMatch(r -> r.rowsReplaced() > 0)) {
            Dataset<Row> replaced = replacedIds(output, runId, reports);
            Replacement replacement = new Replacement(spark, output, staging);
            String format = options.format().name().toLowerCase(Locale.ROOT);
            rewritten.addAll(replacement.rewrite(before.get(), Kind.ROWS, rows, format, replaced));
            rewritten.addAll(replacement.rewrite(before.get(), Kind.ERRORS, errors, "parquet", replaced));
            rewritten.addAll(replacement.rewrite(before.get(), Kind.LEDGER, ledger, "parquet", replaced));
        }
        return commit(output, runId, resumedFrom, before, reports, rewritten, start);
    }

    /** Ids the run wrote anew that the ledger had with other content. */
    private Dataset<Row> replacedIds(OutputDirectory output, String runId, List<TaskReport> reports) {
        String[] written = reports.stream()
                .flatMap(r -> r.files().stream())
                .filter(f -> f.kind() == Kind.LEDGER)
                .map(f -> output.stagedPath(runId, f.name()))
                .toArray(String[]::new);
        return spark.read()
                .schema(LedgerTable.SCHEMA)
                .parquet(written)
                .filter(col(Columns.REJECTED).equalTo(false))
                .join(
                        spark.read()
                                .schema(LedgerTable.SCHEMA)
                                .parquet(output.path(Kind.LEDGER))
                                .select(col(Columns.ID).as("old_id")),
                        col(Columns.ID).equalTo(col("old_id")),
                        "left_semi")
                .select(col(Columns.ID).as(Replacement.REPLACED_ID))
                .cache();
    }

    private Result commit(
            OutputDirectory output,
            String runId,
            String resumedFrom,
            Optional<Manifest> found,
            List<TaskReport> reports,
            List<Replacement.Rewritten> rewritten,
            long start)
            throws IOException {
        boolean overwrite = options.mode() == RunMode.OVERWRITE;
        Optional<Manifest> before = overwrite ? Optional.empty() : found;
        List<Manifest.File> files = new ArrayList<>(before.map(Manifest::files).orElse(List.of()));
        List<String> deletes = new ArrayList<>();
        List<Journal.Move> moves = new ArrayList<>();
        if (overwrite) {
            found.ifPresent(m -> m.files().forEach(f -> deletes.add(f.path())));
        }
        RunTotals totals = new RunTotals();
        for (Replacement.Rewritten r : rewritten) {
            files.remove(r.old());
            deletes.add(r.old().path());
            int number = rewritten.indexOf(r) + reports.size();
            String to = OutputDirectory.committedPath(runId, number, r.file());
            moves.add(new Journal.Move(r.file().name(), to));
            files.add(new Manifest.File(r.file().kind(), to, r.file().rows()));
            totals.removed(r.file().kind(), r.old().rows() - r.file().rows());
        }
        for (TaskReport report : reports) {
            totals.add(report);
            for (StagedFile file : report.files()) {
                boolean first = files.stream().noneMatch(f -> f.kind() == file.kind());
                if (file.rows() > 0 || first) {
                    String to = OutputDirectory.committedPath(runId, report.partition(), file);
                    moves.add(new Journal.Move(file.name(), to));
                    files.add(new Manifest.File(file.kind(), to, file.rows()));
                }
            }
        }
        Manifest.Run run = totals.run(runId, resumedFrom, Instant.now(), (System.nanoTime() - start) / 1e9);
        List<Manifest.Run> runs = new ArrayList<>(before.map(Manifest::runs).orElse(List.of()));
        if (moves.isEmpty() && before.isPresent()) {
            output.clearStaging();
            return new Result(run, before.get(), totals.rowsOut(), totals.meter());
        }
        runs.add(run);
        Manifest manifest = new Manifest(
                Manifest.FORMAT_VERSION,
                job,
                versions,
                model,
                intake,
                settings,
                totals.onTopOf(before.map(Manifest::counts).orElse(Manifest.Counts.ZERO)),
                files,
                runs);
        output.commit(runId, new Journal(deletes, moves, manifest));
        return new Result(run, manifest, totals.rowsOut(), totals.meter());
    }

    private Map<String, String> footer(String runId) {
        Map<String, String> footer = new TreeMap<>();
        footer.put("version", versions.getOrDefault("textloom", "unknown"));
        footer.put("job", job);
        footer.put("run", runId);
        footer.put("model", model.name());
        footer.put("sha256", model.sha256());
        settings.forEach((key, value) -> {
            if (key.startsWith(job + ".")) {
                footer.put(key, value);
            }
        });
        return footer;
    }

    private static String runId() {
        String time = Instant.now().toString().substring(0, 19).replaceAll("[-:]", "");
        return time + "-" + UUID.randomUUID().toString().substring(0, 6);
    }
}
