package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.col;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.DuplicateIds;
import io.textloom.spark.intake.InputFingerprint;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.intake.LiteralPaths;
import io.textloom.spark.lineage.Provenance;
import io.textloom.spark.lineage.RunObserver;
import io.textloom.spark.quarantine.Quarantine;
import io.textloom.spark.quarantine.Remains;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Stage;
import io.textloom.table.Columns;
import io.textloom.table.ErrorTable;
import io.textloom.table.LedgerTable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one stage over documents and commits what came of it.
 *
 * <p>The order: lock, finish or take over what an earlier run left, mark what the ledger has as done, run the tasks, rewrite files that hold older
 * versions of rows, put small files together, commit by journal. Nothing a reader sees changes before every task has reported. An input whose files are as they were is not read.
 */
public final class JobRun {
    /** Spark's name for parts of documents on their way between tasks, which are not rows of the input. */
    public static final String PARTS = "textloom.parts";

    private static final Logger LOG = LoggerFactory.getLogger(JobRun.class);

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
    private final Clock clock;
    private final long fileBytes;
    private RunObserver observer;

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
        this(
                spark,
                job,
                stage,
                options,
                intake,
                model,
                settings,
                versions,
                rowsDone,
                tokensDone,
                Clock.systemUTC(),
                Compaction.FILE_BYTES);
    }

    /** @param fileBytes what small files are put together to */
    JobRun(
            SparkSession spark,
            String job,
            Stage stage,
            OutputOptions options,
            IntakeOptions intake,
            Manifest.Model model,
            SortedMap<String, String> settings,
            SortedMap<String, String> versions,
            LongAccumulator rowsDone,
            LongAccumulator tokensDone,
            Clock clock,
            long fileBytes) {
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
        this.clock = clock;
        this.fileBytes = fileBytes;
        if (options.resume().deleted() == Deleted.DROP && intake.limit() > 0) {
            throw new IllegalArgumentException("deleted is drop but limit is " + intake.limit()
                    + ", and rows beyond it would count as vanished; leave out one of the two");
        }
        observer = RunObserver.of(spark, model.name(), versions);
    }

    /** Lets another observer note what the run uses. */
    public JobRun observedBy(RunObserver other) {
        observer = other;
        return this;
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

    /**
     * Reads the input, unless its files are those whose rows the output accounts for already.
     *
     * @throws OutputException if the output directory must not be touched as asked
     */
    public Result run(Intake intake) {
        return run(intake::fingerprint, intake::documents);
    }

    /** Always reads the input. @throws OutputException if the output directory must not be touched as asked */
    public Result run(Supplier<Documents> intake) {
        return run(Optional::empty, intake);
    }

    private Result run(Supplier<Optional<InputFingerprint>> files, Supplier<Documents> intake) {
        long start = System.nanoTime();
        OutputDirectory output =
                OutputDirectory.open(options.path(), spark.sparkContext().hadoopConfiguration());
        TreeMap<String, String> resultSettings = new TreeMap<>(Manifest.resultSettings(settings, model));
        // what is wrong with the arguments is found before anything is written; rows are read when the output is locked
        Optional<Manifest> committed = check(output, resultSettings);
        UnchangedInput unchanged =
                new UnchangedInput(spark, output, options, versions.getOrDefault("textloom", ""), clock);
        Instant listed = clock.instant();
        Optional<InputFingerprint> input = files.get().filter(found -> found.isSettled(listed));
        Optional<InputState> known =
                input.flatMap(found -> committed.flatMap(manifest -> unchanged.known(manifest, found)));
        if (known.isPresent()) {
            RunTotals skipped = RunTotals.skipped(known.get());
            Manifest.Run run = skipped.run(
                    runId(), "", Instant.now(), since(start), Meter.ZERO, List.of(), provenance(skipped.meter()));
            return new Result(run, committed.orElseThrow(), 0, Meter.ZERO, Meter.ZERO);
        }
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
                    List<TaskReport> finished = Interrupted.withoutVanished(output.finishedTasks(run));
                    if (finished.stream().anyMatch(t -> t.rowsRead() > 0)) {
                        Result taken =
                                commit(output, layout, run, run, before, Interrupted.NONE, finished, inherited, start);
                        before = Optional.of(taken.manifest());
                        inherited = inherited.plus(taken.meter());
                        resumedFrom = run;
                    }
                }
            }
            Interrupted interrupted = options.mode() == RunMode.OVERWRITE
                    ? output.interrupted(key(before, resultSettings))
                    : Interrupted.NONE;
            if (interrupted.isEmpty()) {
                output.clearStaging();
            }
            Result result = work(
                    output,
                    layout,
                    before,
                    interrupted,
                    resumedFrom,
                    resultSettings,
                    documents,
                    remains,
                    inherited,
                    start);
            input.ifPresent(found -> unchanged.record(result.manifest(), found, result.run()));
            return result;
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
            Interrupted interrupted,
            String resumedFrom,
            TreeMap<String, String> resultSettings,
            Documents documents,
            Remains remains,
            Meter inherited,
            long start)
            throws IOException {
        observer.phase(RunObserver.PLAN);
        boolean dropDuplicates = intake.duplicateIds() == DuplicateIds.KEEP_FIRST;
        List<String> partitionBy = layout.keptPartitionColumns();
        Interrupted taken = interrupted;
        Dataset<Row> marked = MarkedDocuments.unmarked(documents, partitionBy);
        if (options.mode() == RunMode.RESUME && before.isPresent()) {
            boolean drop = options.resume().deleted() == Deleted.DROP;
            marked = MarkedDocuments.mark(
                    documents,
                    readLedger(output.paths(before.get(), Kind.LEDGER)),
                    new MarkedDocuments.Rules(options.resume().retryErrors(), dropDuplicates, drop),
                    partitionBy);
            if (stage.packsDocuments()) {
                requireNoneReplaced(marked);
            }
        } else if (!interrupted.isEmpty()) {
            Dataset<Row> rest = MarkedDocuments.mark(
                    documents,
                    readLedger(output.staged(interrupted.run(), interrupted.tasks(), Kind.LEDGER)),
                    new MarkedDocuments.Rules(RetryErrors.NONE, dropDuplicates, true),
                    partitionBy);
            if (rest.filter(col(MarkedDocuments.REPLACES_ANY)).isEmpty()) {
                marked = rest;
            } else {
                taken = Interrupted.NONE;
                output.clearStaging();
                LOG.info(
                        "Rows that the interrupted run {} had finished have changed or vanished since; the overwrite"
                                + " starts over",
                        interrupted.run());
            }
        }
        if (stage.packsDocuments()) {
            marked = marked.sortWithinPartitions(Intake.ID);
        }
        String runId = runId();
        String staging = output.begin(runId, key(before, resultSettings), taken);
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
                !settings.getOrDefault("device", "cpu").equals("cpu"),
                conf,
                rowsDone,
                tokensDone);
        JavaRDD<InternalRow> input = marked.queryExecution().toRdd().toJavaRDD();
        if (input.getNumPartitions() == 0) {
            // Spark plans an input that it knows to be empty without tasks; one task must write the empty tables
            input = JavaSparkContext.fromSparkContext(spark.sparkContext()).parallelize(List.of(), 1);
        }
        observer.phase(RunObserver.COMPUTE);
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
        String from = taken.isEmpty() ? resumedFrom : taken.run();
        return commit(output, layout, runId, from, before, taken, reports, inherited, start);
    }

    /** A document cannot be cut out of rows that it shares with others. */
    private static void requireNoneReplaced(Dataset<Row> marked) {
        List<Row> replaced = marked.filter(col(MarkedDocuments.REPLACES_ROWS))
                .select(Intake.ID, MarkedDocuments.HAS_VANISHED)
                .limit(1)
                .collectAsList();
        if (!replaced.isEmpty()) {
            boolean vanished = replaced.get(0).getBoolean(1);
            throw new OutputException("The document " + replaced.get(0).getString(0) + " is in the output's blocks and "
                    + (vanished ? "no longer in the input" : "has changed") + ", and cannot be cut out of them;"
                    + " make them anew with --mode overwrite, or choose another --output"
                    + (vanished ? ", or leave it there with --deleted keep" : ""));
        }
    }

    private Result commit(
            OutputDirectory output,
            OutputLayout layout,
            String runId,
            String resumedFrom,
            Optional<Manifest> found,
            Interrupted taken,
            List<TaskReport> reports,
            Meter inherited,
            long start)
            throws IOException {
        observer.phase(RunObserver.COMMIT);
        boolean overwrite = options.mode() == RunMode.OVERWRITE;
        Optional<Manifest> before = overwrite ? Optional.empty() : found;
        Set<Manifest.File> files =
                new LinkedHashSet<>(before.map(Manifest::files).orElse(List.of()));
        List<String> deletes = new ArrayList<>();
        if (overwrite) {
            found.ifPresent(m -> m.files().forEach(f -> deletes.add(f.path())));
        }
        RunTotals totals = new RunTotals().with(reports);
        List<StagedFile> staged = new ArrayList<>();
        if (before.isPresent() && Replacement.isNeeded(reports)) {
            for (Replacement.Rewritten rewritten : rewrite(output, layout, runId, before.get(), reports)) {
                rewritten.old().forEach(f -> deletes.add(f.path()));
                rewritten.old().forEach(files::remove);
                staged.addAll(rewritten.files());
                totals.rewritten(rewritten);
            }
        }
        taken.tasks().forEach(task -> staged.addAll(task.files()));
        reports.forEach(report -> staged.addAll(report.files()));
        staged.removeIf(f -> f.kind() == Kind.VANISHED);
        if (before.isPresent()
                && deletes.isEmpty()
                && filesToKeep(staged, files).isEmpty()) {
            Manifest.Run run = totals.run(
                    runId, resumedFrom, Instant.now(), since(start), inherited, List.of(), provenance(totals.meter()));
            output.clearStaging();
            return new Result(run, before.get(), totals.rowsOut(), totals.meter(), inherited);
        }
        List<List<StagedFile>> small =
                new SmallFiles(stage.fileTokens(), spark.sparkContext().defaultParallelism()).groups(staged);
        Rewriting rows = rewriting(Kind.ROWS, layout, output, runId);
        List<StagedFile> merged =
                compacted(output, layout, runId, files, SmallFiles.merge(staged, small, rows), deletes);
        List<String> rowFiles = paths(output, files, Kind.ROWS);
        List<String> errorFiles = paths(output, files, Kind.ERRORS);
        List<Journal.Move> moves = new ArrayList<>();
        List<Manifest.File> added = new ArrayList<>();
        for (StagedFile file : filesToKeep(merged, files)) {
            String to = OutputDirectory.committedPath(runId, moves.size(), file);
            moves.add(new Journal.Move(file.name(), to));
            added.add(file(output, runId, file, to));
            if (file.kind() == Kind.ROWS) {
                rowFiles.add(output.stagedPath(runId, file.name()));
            } else if (file.kind() == Kind.ERRORS) {
                errorFiles.add(output.stagedPath(runId, file.name()));
            }
        }
        if (options.format() == OutputFormat.OPENAI_BATCH) {
            files.stream().filter(f -> f.kind() == Kind.LINES).forEach(f -> deletes.add(f.path()));
            files.removeIf(f -> f.kind() == Kind.LINES);
            for (StagedFile file : BatchLines.write(spark, rowFiles, errorFiles, output.stagingPath(runId))) {
                String to = OutputDirectory.committedPath(runId, moves.size(), file);
                moves.add(new Journal.Move(file.name(), to));
                added.add(file(output, runId, file, to));
            }
        }
        files.addAll(added);
        Meter alsoDone = inherited.plus(new RunTotals().with(taken.tasks()).meter());
        Provenance provenance = runId.equals(resumedFrom) ? ofDead(totals.meter()) : provenance(totals.meter());
        Manifest.Run run = totals.run(runId, resumedFrom, Instant.now(), since(start), alsoDone, added, provenance);
        List<Manifest.Run> runs = new ArrayList<>(before.map(Manifest::runs).orElse(List.of()));
        Manifest.Counts counts = before.map(Manifest::counts).orElse(Manifest.Counts.ZERO);
        for (Map.Entry<String, List<TaskReport>> dead : taken.byRun().entrySet()) {
            RunTotals finished = new RunTotals().with(dead.getValue());
            Provenance known = ofDead(finished.meter());
            runs.add(finished.run(dead.getKey(), "", Instant.now(), 0, Meter.ZERO, List.of(), known));
            counts = finished.onTopOf(counts);
        }
        runs.add(run);
        Manifest manifest = new Manifest(
                Manifest.FORMAT_VERSION,
                job,
                versions,
                model,
                intake,
                settings,
                totals.onTopOf(counts),
                figures(layout, rowFiles),
                List.copyOf(files),
                runs);
        output.commit(runId, new Journal(deletes, moves, manifest));
        if (!taken.isEmpty()) {
            output.clearStaging();
        }
        return new Result(run, manifest, totals.rowsOut(), totals.meter(), alsoDone);
    }

    private Provenance provenance(Meter meter) {
        return observer.provenance(meter.devices(), meter.tokens());
    }

    private Provenance ofDead(Meter meter) {
        return observer.ofDead(meter.devices(), meter.tokens());
    }

    private static double since(long start) {
        return (System.nanoTime() - start) / 1e9;
    }

    private static List<String> paths(OutputDirectory output, Set<Manifest.File> files, Kind kind) {
        return new ArrayList<>(files.stream()
                .filter(f -> f.kind() == kind)
                .map(f -> output.path() + "/" + f.path())
                .toList());
    }

    private static Manifest.File file(OutputDirectory output, String runId, StagedFile file, String to)
            throws IOException {
        long bytes = output.length(output.stagedPath(runId, file.name()));
        return new Manifest.File(file.kind(), to, file.rows(), file.tokens(), bytes);
    }

    /**
     * Puts small files of many runs together.
     *
     * @param files those put together leave them for {@code deletes}
     * @return what is staged then
     */
    private List<StagedFile> compacted(
            OutputDirectory output,
            OutputLayout layout,
            String runId,
            Set<Manifest.File> files,
            List<StagedFile> staged,
            List<String> deletes)
            throws IOException {
        Compaction compaction = new Compaction(
                stage.fileTokens(),
                fileBytes,
                f -> f.bytes() > 0 ? f.bytes() : output.length(output.path() + "/" + f.path()),
                f -> output.length(output.stagedPath(runId, f.name())));
        List<Compaction.Group> groups = compaction.groups(files, staged);
        if (groups.isEmpty()) {
            return staged;
        }
        List<StagedFile> kept = new ArrayList<>(staged);
        List<JavaRDD<StagedFile>> writes = new ArrayList<>();
        for (Compaction.Group group : groups) {
            List<String> paths = paths(output, Set.copyOf(group.committed()), group.kind());
            group.staged().forEach(f -> paths.add(output.stagedPath(runId, f.name())));
            Rewriting rewriting = rewriting(group.kind(), layout, output, runId);
            writes.add(rewriting.write(rewriting.read(paths).coalesce(1), group.directory()));
            group.committed().forEach(f -> deletes.add(f.path()));
            group.committed().forEach(files::remove);
            kept.removeAll(group.staged());
        }
        kept.addAll(Rewriting.collect(spark, writes));
        return kept;
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
            for (Kind kind : List.of(Kind.ROWS, Kind.ERRORS, Kind.LEDGER)) {
                if (kind != Kind.ROWS || !stage.packsDocuments()) {
                    Rewriting rewriting = rewriting(kind, layout, output, runId);
                    rewritten.addAll(replacement.rewrite(before, rewriting, replaced));
                }
            }
            return rewritten;
        } finally {
            replaced.unpersist();
        }
    }

    private Rewriting rewriting(Kind kind, OutputLayout layout, OutputDirectory output, String runId) {
        String staging = output.stagingPath(runId);
        return switch (kind) {
            case ROWS -> new Rewriting(spark, kind, rows(layout, runId), options.format(), staging, stage.fileTokens());
            case ERRORS -> new Rewriting(spark, kind, errors(runId), OutputFormat.PARQUET, staging, Long.MAX_VALUE);
            case LEDGER -> new Rewriting(spark, kind, ledger(runId), OutputFormat.PARQUET, staging, Long.MAX_VALUE);
            case LINES, VANISHED -> throw new IllegalArgumentException(kind + " are not rewritten");
        };
    }

    /** Ids the run dealt with anew that the ledger knows, and those that the input no longer has. */
    private Dataset<Row> replacedIds(OutputDirectory output, String runId, Manifest before, List<TaskReport> reports) {
        List<String> written = new ArrayList<>(output.staged(runId, reports, Kind.LEDGER));
        written.addAll(output.staged(runId, reports, Kind.VANISHED));
        return readLedger(written)
                .join(
                        readLedger(output.paths(before, Kind.LEDGER))
                                .select(col(Columns.ID).as("old_id")),
                        col(Columns.ID).equalTo(col("old_id")),
                        "left_semi")
                .select(col(Columns.ID).as(Replacement.REPLACED_ID))
                .distinct();
    }

    private Dataset<Row> readLedger(List<String> files) {
        return spark.read().schema(LedgerTable.SCHEMA).parquet(LiteralPaths.of(files));
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
        versions.forEach((name, version) -> putUnlessEmpty(footer, name, version));
        footer.remove("textloom");
        footer.put("version", versions.getOrDefault("textloom", "unknown"));
        footer.put("job", job);
        footer.put("run", runId);
        footer.put("model", model.name());
        footer.put("sha256", model.sha256());
        putUnlessEmpty(footer, "tokenizerSha256", model.tokenizerSha256());
        putUnlessEmpty(footer, "revision", model.revision());
        putUnlessEmpty(footer, "configSha256", model.configSha256());
        settings.forEach((key, value) -> {
            if (key.startsWith(job + ".")) {
                footer.put(key, value);
            }
        });
        return footer;
    }

    private static void putUnlessEmpty(Map<String, String> footer, String key, String value) {
        if (!value.isEmpty()) {
            footer.put(key, value);
        }
    }

    private static String runId() {
        String time = Instant.now().toString().substring(0, 19).replaceAll("[-:]", "");
        return time + "-" + UUID.randomUUID().toString().substring(0, 6);
    }
}
