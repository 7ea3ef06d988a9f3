package io.textloom.spark.commit;

import static org.apache.spark.sql.functions.col;

import io.textloom.spark.commit.TaskReport.Kind;
import io.textloom.spark.commit.TaskReport.StagedFile;
import io.textloom.spark.intake.LiteralPaths;
import io.textloom.spark.lineage.Provenance;
import io.textloom.spark.lineage.RunObserver;
import io.textloom.spark.stage.Meter;
import io.textloom.table.Columns;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;

/**
 * Makes what tasks left in staging part of the output: files that hold older versions of rows are rewritten, small files are put together, and one journal
 * does the rest.
 */
final class Commit {
    private final RunSetup setup;
    private final RunObserver observer;
    private final OutputDirectory output;
    private final OutputLayout layout;
    private final String runId;
    private final RunTables tables;
    private final long start;

    /** @param start of the run, by {@link System#nanoTime} */
    Commit(
            RunSetup setup,
            RunObserver observer,
            OutputDirectory output,
            OutputLayout layout,
            String runId,
            long start) {
        this.setup = setup;
        this.observer = observer;
        this.output = output;
        this.layout = layout;
        this.runId = runId;
        this.start = start;
        tables = new RunTables(setup, layout, runId, output.stagingPath(runId));
    }

    /**
     * @param resumedFrom the killed run whose tasks count; this run itself where nothing but them is committed
     * @param found the last commit
     * @param taken tasks of killed runs that are committed with the run's own
     * @param reports of the run's own tasks
     * @param inherited counts of tasks that were committed before for a killed run
     */
    JobRun.Result commit(
            String resumedFrom, Optional<Manifest> found, Interrupted taken, List<TaskReport> reports, Meter inherited)
            throws IOException {
        observer.phase(RunObserver.COMMIT);
        NextFiles files =
                new NextFiles(output, runId, found.map(Manifest::files).orElse(List.of()));
        boolean overwrite = setup.options().mode() == RunMode.OVERWRITE;
        if (overwrite) {
            files.leave(List.copyOf(files.staying()));
        }
        Optional<Manifest> before = overwrite ? Optional.empty() : found;
        RunTotals totals = new RunTotals().with(reports);
        List<StagedFile> staged = new ArrayList<>();
        if (before.isPresent() && Replacement.isNeeded(reports)) {
            for (Replacement.Rewritten rewritten : rewrite(before.get(), reports)) {
                files.leave(rewritten.old());
                staged.addAll(rewritten.files());
                totals.rewritten(rewritten);
            }
        }
        taken.tasks().forEach(task -> staged.addAll(task.files()));
        reports.forEach(report -> staged.addAll(report.files()));
        staged.removeIf(f -> f.kind() == Kind.VANISHED);
        if (before.isPresent() && !files.lose() && files.needed(staged).isEmpty()) {
            Manifest.Run run = run(totals, resumedFrom, inherited, List.of());
            output.clearStaging();
            return new JobRun.Result(run, before.get(), totals.rowsOut(), totals.meter(), inherited);
        }
        for (StagedFile file : files.needed(together(files, staged))) {
            files.add(file);
        }
        if (setup.options().format() == OutputFormat.OPENAI_BATCH) {
            writeLines(files);
        }
        Meter alsoDone = inherited.plus(new RunTotals().with(taken.tasks()).meter());
        Manifest.Run run = run(totals, resumedFrom, alsoDone, files.added());
        Manifest manifest = manifest(before, taken, totals, run, files);
        output.commit(runId, files.journal(manifest));
        if (!taken.isEmpty()) {
            output.clearStaging();
        }
        return new JobRun.Result(run, manifest, totals.rowsOut(), totals.meter(), alsoDone);
    }

    private Manifest.Run run(RunTotals totals, String resumedFrom, Meter alsoDone, List<Manifest.File> added) {
        Meter meter = totals.meter();
        Provenance provenance = runId.equals(resumedFrom)
                ? observer.ofDead(meter.devices(), meter.tokens())
                : observer.provenance(meter.devices(), meter.tokens());
        double seconds = (System.nanoTime() - start) / 1e9;
        return totals.run(runId, resumedFrom, Instant.now(), seconds, alsoDone, added, provenance);
    }

    private Manifest manifest(
            Optional<Manifest> before, Interrupted taken, RunTotals totals, Manifest.Run run, NextFiles files) {
        List<Manifest.Run> runs = new ArrayList<>(before.map(Manifest::runs).orElse(List.of()));
        Manifest.Counts counts = before.map(Manifest::counts).orElse(Manifest.Counts.ZERO);
        for (Map.Entry<String, List<TaskReport>> dead : taken.byRun().entrySet()) {
            RunTotals finished = new RunTotals().with(dead.getValue());
            Provenance provenance =
                    observer.ofDead(finished.meter().devices(), finished.meter().tokens());
            runs.add(finished.run(dead.getKey(), "", Instant.now(), 0, Meter.ZERO, List.of(), provenance));
            counts = finished.onTopOf(counts);
        }
        runs.add(run);
        return new Manifest(
                Manifest.FORMAT_VERSION,
                setup.job(),
                setup.versions(),
                setup.model(),
                setup.intake(),
                setup.settings(),
                totals.onTopOf(counts),
                figures(files.paths(Kind.ROWS)),
                files.all(),
                runs);
    }

    /** @param paths of all rows as they will be committed, where they lie now */
    private SortedMap<String, Double> figures(List<String> paths) {
        return setup.stage()
                .figures()
                .map(figures -> figures.of(setup.spark()
                        .read()
                        .schema(layout.files())
                        .format(setup.options().format().ofRows())
                        .load(LiteralPaths.of(paths))))
                .orElseGet(TreeMap::new);
    }

    /** All rows and errors once more as lines, in place of the lines of before. */
    private void writeLines(NextFiles files) throws IOException {
        files.leave(files.staying().stream().filter(f -> f.kind() == Kind.LINES).toList());
        for (StagedFile file : BatchLines.write(
                setup.spark(), files.paths(Kind.ROWS), files.paths(Kind.ERRORS), output.stagingPath(runId))) {
            files.add(file);
        }
    }

    /** Without the older versions of rows that the run dealt with anew. */
    private List<Replacement.Rewritten> rewrite(Manifest before, List<TaskReport> reports) {
        Dataset<Row> replaced = replacedIds(before, reports).cache();
        try {
            Replacement replacement = new Replacement(output);
            List<Replacement.Rewritten> rewritten = new ArrayList<>();
            for (Kind kind : List.of(Kind.ROWS, Kind.ERRORS, Kind.LEDGER)) {
                if (kind != Kind.ROWS || !setup.stage().packsDocuments()) {
                    rewritten.addAll(replacement.rewrite(before, tables.rewriting(kind), replaced));
                }
            }
            return rewritten;
        } finally {
            replaced.unpersist();
        }
    }

    /** Ids the run dealt with anew that the ledger knows, and those that the input no longer has. */
    private Dataset<Row> replacedIds(Manifest before, List<TaskReport> reports) {
        List<String> written = new ArrayList<>(output.staged(runId, reports, Kind.LEDGER));
        written.addAll(output.staged(runId, reports, Kind.VANISHED));
        return setup.readLedger(written)
                .join(
                        setup.readLedger(output.paths(before.files(), Kind.LEDGER))
                                .select(col(Columns.ID).as("old_id")),
                        col(Columns.ID).equalTo(col("old_id")),
                        "left_semi")
                .select(col(Columns.ID).as(Replacement.REPLACED_ID))
                .distinct();
    }

    /** Puts small files together: those that tasks left, and those of many runs, which leave the output for it. */
    private List<StagedFile> together(NextFiles files, List<StagedFile> staged) throws IOException {
        int cores = setup.spark().sparkContext().defaultParallelism();
        long fileTokens = setup.stage().fileTokens();
        List<List<StagedFile>> small = new SmallFiles(fileTokens, cores).groups(staged);
        List<StagedFile> kept = new ArrayList<>(SmallFiles.merge(staged, small, tables.rewriting(Kind.ROWS)));
        Compaction compaction = new Compaction(
                fileTokens,
                setup.fileBytes(),
                f -> f.bytes() > 0 ? f.bytes() : output.length(output.path() + "/" + f.path()),
                f -> output.length(output.stagedPath(runId, f.name())));
        List<JavaRDD<StagedFile>> writes = new ArrayList<>();
        for (Compaction.Group group : compaction.groups(files.staying(), kept)) {
            List<String> paths = new ArrayList<>(output.paths(group.committed(), group.kind()));
            group.staged().forEach(f -> paths.add(output.stagedPath(runId, f.name())));
            Rewriting rewriting = tables.rewriting(group.kind());
            writes.add(rewriting.write(rewriting.read(paths).coalesce(1), group.directory()));
            files.leave(group.committed());
            kept.removeAll(group.staged());
        }
        if (!writes.isEmpty()) {
            kept.addAll(Rewriting.collect(setup.spark(), writes));
        }
        return kept;
    }
}
