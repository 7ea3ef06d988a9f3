package io.textloom.spark.commit;

import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.InputFingerprint;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.lineage.RunObserver;
import io.textloom.spark.quarantine.Remains;
import io.textloom.spark.stage.Meter;
import io.textloom.spark.stage.Stage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.util.LongAccumulator;

/**
 * Runs one stage over documents and commits what came of it.
 *
 * <p>The order: lock, finish or take over what an earlier run left, mark what the ledger has as done, run the tasks, rewrite files that hold older
 * versions of rows, put small files together, commit by journal. Nothing a reader sees changes before every task has reported. An input whose files are as they were is not read.
 */
public final class JobRun {
    /** Spark's name for parts of documents on their way between tasks, which are not rows of the input. */
    public static final String PARTS = "textloom.parts";

    private final RunSetup setup;
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
        this(new RunSetup(
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
                Compaction.FILE_BYTES));
    }

    JobRun(RunSetup setup) {
        this.setup = setup;
        observer = RunObserver.of(setup.spark(), setup.model().name(), setup.versions());
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
        OutputDirectory output = OutputDirectory.open(setup.options().path(), setup.hadoop());
        // what is wrong with the arguments is found before anything is written; rows are read when the output is locked
        Optional<Manifest> committed = setup.committed(output);
        UnchangedInput unchanged =
                new UnchangedInput(setup.spark(), output, setup.options(), setup.version(), setup.clock());
        Instant listed = setup.clock().instant();
        Optional<InputFingerprint> input = files.get().filter(found -> found.isSettled(listed));
        Optional<InputState> known =
                input.flatMap(found -> committed.flatMap(manifest -> unchanged.known(manifest, found)));
        if (known.isPresent()) {
            return skipped(known.get(), committed.orElseThrow(), start);
        }
        Documents documents = intake.get();
        OutputLayout layout = setup.layout(documents);
        try (OutputLock lock = output.lock()) {
            output.finishCommits();
            Result result = locked(output, layout, documents, start);
            input.ifPresent(found -> unchanged.record(result.manifest(), found, result.run()));
            return result;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "The output directory " + setup.options().path() + " failed: " + e.getMessage(), e);
        }
    }

    private Result skipped(InputState known, Manifest committed, long start) {
        RunTotals totals = RunTotals.skipped(known);
        double seconds = (System.nanoTime() - start) / 1e9;
        Manifest.Run run = totals.run(
                runId(),
                "",
                Instant.now(),
                seconds,
                Meter.ZERO,
                List.of(),
                observer.provenance(totals.meter().devices(), totals.meter().tokens()));
        return new Result(run, committed, 0, Meter.ZERO, Meter.ZERO);
    }

    private Result locked(OutputDirectory output, OutputLayout layout, Documents documents, long start)
            throws IOException {
        Optional<Manifest> before = setup.committed(output);
        Remains remains = remains(output, setup.key(before));
        String resumedFrom = "";
        Meter inherited = Meter.ZERO;
        if (setup.options().mode() == RunMode.RESUME) {
            for (String run : output.interruptedRuns(setup.key(before))) {
                List<TaskReport> finished = Interrupted.withoutVanished(output.finishedTasks(run));
                if (finished.stream().anyMatch(t -> t.rowsRead() > 0)) {
                    Result taken = new Commit(setup, observer, output, layout, run, start)
                            .commit(run, before, Interrupted.NONE, finished, inherited);
                    before = Optional.of(taken.manifest());
                    inherited = inherited.plus(taken.meter());
                    resumedFrom = run;
                }
            }
        }
        Interrupted interrupted =
                setup.options().mode() == RunMode.OVERWRITE ? output.interrupted(setup.key(before)) : Interrupted.NONE;
        if (interrupted.isEmpty()) {
            output.clearStaging();
        }
        observer.phase(RunObserver.PLAN);
        WorkToDo work = WorkToDo.of(setup, output, layout, before, interrupted, documents);
        String runId = runId();
        String staging = output.begin(runId, setup.key(before), work.taken());
        List<TaskReport> reports =
                new Computation(setup, observer, output, layout).run(runId, staging, work, documents, remains);
        String from = work.taken().isEmpty() ? resumedFrom : work.taken().run();
        return new Commit(setup, observer, output, layout, runId, start)
                .commit(from, before, work.taken(), reports, inherited);
    }

    /** What processes that died left behind in earlier runs; read before their staging goes. */
    private Remains remains(OutputDirectory output, RunKey key) throws IOException {
        List<String> stagings = new ArrayList<>();
        for (String run : output.interruptedRuns(key)) {
            stagings.add(output.stagingPath(run));
        }
        return Remains.of(stagings, setup.hadoop());
    }

    private static String runId() {
        String time = Instant.now().toString().substring(0, 19).replaceAll("[-:]", "");
        return time + "-" + UUID.randomUUID().toString().substring(0, 6);
    }
}
