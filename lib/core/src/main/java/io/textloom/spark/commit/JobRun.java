package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.col;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.intake.LiteralPaths;
import io.textloom.spark.quarantine.Quarantine;
import io.textloom.spark.quarantine.Remains;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Stage;
import io.textloom.table.Columns;
import io.textloom.table.ErrorTable;
import io.textloom.table.LedgerTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
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
 * <p>The order: lock, finish or take over what an earlier run left, mark what the ledger has as done, run the tasks, rewrite files that hold older
 * versions of rows, commit by journal. Nothing a reader sees changes before every task has reported.
 */
public final class JobRun {
    /** Spark's name for parts of documents on their way between tasks, which are not rows of the input. */
    public static final String PARTS = "textloom.parts";

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

    /**
     * What a run did; the manifest is as it stands after it.
     *
     * @param inherited counts of the tasks of a killed run that were taken over
     */
    public record Result(Manifest.Run run, Manifest manifest, long rowsOut, Meter meter, Meter inherited) {
        /** Tokens of the output's files. */
        public FileTokens fileTokens() {
            return FileTokens.of(manifest.files());
        }
    }

    /** @throws OutputException if the output directory must not be touched as asked */
    public Result run(Supplier<Documents> intake) {
        long start = System.nanoTime();
        OutputDirectory output =
                OutputDirectory.open(options.path(), spark.sparkContext().hadoopConfiguration());
        TreeMap<String, String> resultSettings = new TreeMap<>(Manifest.resultSettings(settings, model));
        // what is wrong with the arguments is found before anything is written; rows are read when the output is locked
        check(output, resultSettings);
        Documents documents = intake.get();
        OutputLayout layout = new OutputLayout(
                stage.columns(),
                documents.kept(),
                options.partitionBy(),
                stage.sideText(),
                stage.sideColumns().hidden());
        if (stage.packsDocuments() && layout.hasKeptColumns()) {
            throw new IllegalArgumentException("keepColumns is " + this.intake.keepColumns()
                    + " but a block holds pieces of many documents; keep no columns, or choose other tokenize.rows");
        }
        try (OutputLock lock = output.lock()) {
            output.finishCommits();
            Optional<Manifest> before = check(output, resultSettings);
            String resumedFrom = "";
            Meter inherited = Meter.ZERO;
            Remains remains = remains(output, key(before, resultSettings));
            if (options.mode() == RunMode.RESUME) {
                for (String run : output.interruptedRuns(key(before, resultSettings))) {
                    List<TaskReport> finished = output.finishedTasks(run);
                    if (finished.stream().anyMatch(t -> t.rowsRead() > 0)) {
                        Result taken = commit(output, layout, run, run, before, finished, inherited, start);
                        before = Optional.of(taken.manifest());
                        inherited = inherited.plus(taken.meter());
                        resumedFrom = run;
                    }
                }
            }
            output.clearStaging();
            return work(output, layout, before, resumedFrom, resultSettings, documents, remains, inherited, start);
        } catch (IOException e) {
            throw new UncheckedIOException("The output directory " + options.path() + " failed: " + e.getMessage(), e);
        }
    }

    /** What processes that died left behind in earlier runs; read before their staging goes. */
    private Remains remains(OutputDirectory output, RunKey key) throws IOException {
        List<String> stagings = new ArrayList<>();
        for (String run : output.interruptedRuns(key)) {
            stagings.add(output.stagingPath(run));
        }
        return Remains.of(stagings, spark.sparkContext().hadoopConfiguration());
    }

    private RunKey key(Optional<Manifest> before, TreeMap<String, String> resultSettings) {
        return new RunKey(options.mode(), before.map(Manifest::lastRun).orElse(""), resultSettings);
    }

    private Optional<Manifest> check(OutputDirectory output, TreeMap<String, String> resultSettings) {
        Optional<Manifest> manifest = output.manifest();
        if (manifest.isEmpty()) {
            if (output.hasVisibleFiles() && !output.hasUnfinishedCommit()) {
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
            List<String> differing = found.differences(job, resultSettings);
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
            OutputLayout layout,
            Optional<Manifest> before,
            String resumedFrom,
            TreeMap<String, String> resultSettings,
            Documents documents,
            Remains remains,
            Meter inherited,
            long start)
            throws IOException {
        boolean dropDuplicates = intake.duplicateIds() == DuplicateIds.KEEP_FIRST;
        boolean resuming = options.mode() == RunMode.RESUME && before.isPresent();
        List<String> partitionBy = layout.keptPartitionColumns();
        Dataset<Row> marked = resuming
                ? MarkedDocuments.mark(documents, ledger(output, before.get()), dropDuplicates, partitionBy)
                : MarkedDocuments.unmarked(documents, partitionBy);
        if (stage.packsDocuments()) {
            if (resuming) {
                requireNoneReplaced(marked);
            }
            marked = marked.sortWithinPartitions(Intake.ID);
        }
        String runId = runId();
        String staging = output.begin(runId, key(before, resultSettings));
        SerializableConfiguration conf =
                new SerializableConfiguration(spark.sparkContext().hadoopConfiguration());
        PartitionTask task = new PartitionTask(
                stage.reading(documents.kept()),
                layout,
                rows(layout, runId),
                errors(runId),
                ledger(runId),
                staging,
                dropDuplicates,
                conf,
                rowsDone,
                tokensDone);
        JavaRDD<InternalRow> input = marked.queryExecution().toRdd().toJavaRDD();
        if (input.getNumPartitions() == 0) {
            // Spark plans an input that it knows to be empty without tasks; one task must write the empty tables
            input = JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(List.of(), 1);
        }
        List<TaskReport> reports;
        try (Quarantine quarantine =
                Quarantine.open(spark.sparkContext(), staging, input.getNumPartitions(), stage, remains)) {
            DocumentTasks tasks = new DocumentTasks(
                    task,
                    stage.splitting(),
                    stage.taskSize(),
                    spark.sparkContext().defaultParallelism(),
                    conf,
                    tokensDone,
                    quarantine);
            reports = new Rounds(tasks, quarantine, output, runId).run(input, documents);
        }
        return commit(output, layout, runId, resumedFrom, before, reports, inherited, start);
    }

    /** A document cannot be cut out of rows that it shares with others. */
    private static void requireNoneReplaced(Dataset<Row> marked) {
        List<Row> replaced = marked.filter(col(MarkedDocuments.REPLACES_ROWS))
                .select(Intake.ID)
                .limit(1)
                .collectAsList();
        if (!replaced.isEmpty()) {
            throw new OutputException("The document " + replaced.get(0).getString(0)
                    + " is in the output's blocks and has changed, and cannot be cut out of them;"
                    + " make them anew with --mode overwrite, or choose another --output");
        }
    }

    private Result commit(
            OutputDirectory output,
            OutputLayout layout,
            String runId,
            String resumedFrom,
            Optional<Manifest> found,
            List<TaskReport> reports,
            Meter inherited,
            long start)
            throws IOException {
        boolean overwrite = options.mode() == RunMode.OVERWRITE;
        Optional<Manifest> before = overwrite ? Optional.empty() : found;
        Set<Manifest.File> files =
                new LinkedHashSet<>(before.map(Manifest::files).orElse(List.of()));
        List<String> deletes = new ArrayList<>();
        if (overwrite) {
            found.ifPresent(m -> m.files().forEach(f -> deletes.add(f.path())));
        }
        RunTotals totals = new RunTotals();
        List<StagedFile> staged = new ArrayList<>();
        if (before.isPresent() && reports.stream().anyMatch(r -> r.rowsReplaced() > 0)) {
            for (Replacement.Rewritten rewritten : rewrite(output, layout, runId, before.get(), reports)) {
                rewritten.old().forEach(f -> deletes.add(f.path()));
                rewritten.old().forEach(files::remove);
                staged.addAll(rewritten.files());
                totals.rewritten(rewritten);
            }
        }
        for (TaskReport report : reports) {
            totals.add(report);
            staged.addAll(report.files());
        }
        List<List<StagedFile>> small =
                new SmallFiles(stage.fileTokens(), spark.sparkContext().defaultParallelism()).groups(staged);
        staged = SmallFiles.merge(staged, small, rewritingRows(layout, runId, output.stagingPath(runId)));
        boolean lines = options.format() == OutputFormat.OPENAI_BATCH;
        List<String> rowFiles = new ArrayList<>();
        List<String> errorFiles = new ArrayList<>();
        files.stream()
                .filter(f -> f.kind() == Kind.ERRORS)
                .forEach(f -> errorFiles.add(output.path() + "/" + f.path()));
        files.stream().filter(f -> f.kind() == Kind.ROWS).forEach(f -> rowFiles.add(output.path() + "/" + f.path()));
        List<Journal.Move> moves = new ArrayList<>();
        List<Manifest.File> added = new ArrayList<>();
        for (StagedFile file : filesToKeep(staged, files)) {
            String to = OutputDirectory.committedPath(runId, moves.size(), file);
            moves.add(new Journal.Move(file.name(), to));
            added.add(new Manifest.File(file.kind(), to, file.rows(), file.tokens()));
            if (file.kind() == Kind.ROWS) {
                rowFiles.add(output.stagedPath(runId, file.name()));
            } else if (file.kind() == Kind.ERRORS) {
                errorFiles.add(output.stagedPath(runId, file.name()));
            }
        }
        if (lines && !moves.isEmpty()) {
            files.stream().filter(f -> f.kind() == Kind.LINES).forEach(f -> deletes.add(f.path()));
            files.removeIf(f -> f.kind() == Kind.LINES);
            for (StagedFile file : BatchLines.write(spark, rowFiles, errorFiles, output.stagingPath(runId))) {
                String to = OutputDirectory.committedPath(runId, moves.size(), file);
                moves.add(new Journal.Move(file.name(), to));
                added.add(new Manifest.File(file.kind(), to, file.rows(), 0));
            }
        }
        files.addAll(added);
        Manifest.Run run =
                totals.run(runId, resumedFrom, Instant.now(), (System.nanoTime() - start) / 1e9, inherited, added);
        if (moves.isEmpty() && before.isPresent()) {
            output.clearStaging();
            return new Result(run, before.get(), totals.rowsOut(), totals.meter(), inherited);
        }
        List<Manifest.Run> runs = new ArrayList<>(before.map(Manifest::runs).orElse(List.of()));
        runs.add(run);
        Manifest manifest = new Manifest(
                Manifest.FORMAT_VERSION,
                job,
                versions,
                model,
                intake,
                settings,
                totals.onTopOf(before.map(Manifest::counts).orElse(Manifest.Counts.ZERO)),
                figures(layout, rowFiles),
                List.copyOf(files),
                runs);
        output.commit(runId, new Journal(deletes, moves, manifest));
        return new Result(run, manifest, totals.rowsOut(), totals.meter(), inherited);
    }

    /** @param files of all rows as they will be committed, where they lie now */
    private SortedMap<String, Double> figures(OutputLayout layout, List<String> files) {
        return stage.figures()
                .map(figures -> figures.of(spark.read()
                        .schema(layout.files())
                        .format(options.format().ofRows())
                        .load(LiteralPaths.of(files))))
                .orElseGet(TreeMap::new);
    }

    /** Files with rows, and one without for a table that would have none: its schema must be readable. */
    private static List<StagedFile> filesToKeep(List<StagedFile> staged, Set<Manifest.File> committed) {
        List<StagedFile> kept =
                new ArrayList<>(staged.stream().filter(f -> f.rows() > 0).toList());
        for (Kind kind : Kind.values()) {
            if (kept.stream().noneMatch(f -> f.kind() == kind)
                    && committed.stream().noneMatch(f -> f.kind() == kind)) {
                staged.stream().filter(f -> f.kind() == kind).findFirst().ifPresent(kept::add);
            }
        }
        return kept;
    }

    private List<Replacement.Rewritten> rewrite(
            OutputDirectory output, OutputLayout layout, String runId, Manifest before, List<TaskReport> reports) {
        Dataset<Row> replaced = replacedIds(output, runId, before, reports).cache();
        try {
            Replacement replacement = new Replacement(output);
            List<Replacement.Rewritten> rewritten = new ArrayList<>();
            String staging = output.stagingPath(runId);
            if (!stage.packsDocuments()) {
                rewritten.addAll(replacement.rewrite(before, rewritingRows(layout, runId, staging), replaced));
            }
            Rewriting errors =
                    new Rewriting(spark, Kind.ERRORS, errors(runId), OutputFormat.PARQUET, staging, Long.MAX_VALUE);
            rewritten.addAll(replacement.rewrite(before, errors, replaced));
            Rewriting ledger =
                    new Rewriting(spark, Kind.LEDGER, ledger(runId), OutputFormat.PARQUET, staging, Long.MAX_VALUE);
            rewritten.addAll(replacement.rewrite(before, ledger, replaced));
            return rewritten;
        } finally {
            replaced.unpersist();
        }
    }

    private Rewriting rewritingRows(OutputLayout layout, String runId, String staging) {
        return new Rewriting(spark, Kind.ROWS, rows(layout, runId), options.format(), staging, stage.fileTokens());
    }

    /** Ids the run dealt with anew that the ledger knows. */
    private Dataset<Row> replacedIds(OutputDirectory output, String runId, Manifest before, List<TaskReport> reports) {
        String[] written = reports.stream()
                .flatMap(r -> r.files().stream())
                .filter(f -> f.kind() == Kind.LEDGER)
                .map(f -> output.stagedPath(runId, f.name()))
                .toArray(String[]::new);
        return readLedger(written)
                .join(
                        ledger(output, before).select(col(Columns.ID).as("old_id")),
                        col(Columns.ID).equalTo(col("old_id")),
                        "left_semi")
                .select(col(Columns.ID).as(Replacement.REPLACED_ID))
                .distinct();
    }

    private Dataset<Row> ledger(OutputDirectory output, Manifest manifest) {
        return readLedger(manifest.files().stream()
                .filter(f -> f.kind() == Kind.LEDGER)
                .map(f -> output.path() + "/" + f.path())
                .toArray(String[]::new));
    }

    private Dataset<Row> readLedger(String... files) {
        return spark.read().schema(LedgerTable.SCHEMA).parquet(LiteralPaths.of(List.of(files)));
    }

    private TableFormat rows(OutputLayout layout, String runId) {
        return TableFormat.create(
                spark, options.format(), layout.files(), footer(runId), List.of("embedding.list.element"));
    }

    private TableFormat errors(String runId) {
        return TableFormat.create(spark, OutputFormat.PARQUET, ErrorTable.SCHEMA, footer(runId), List.of());
    }

    private TableFormat ledger(String runId) {
        return TableFormat.create(spark, OutputFormat.PARQUET, LedgerTable.SCHEMA, footer(runId), List.of());
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
