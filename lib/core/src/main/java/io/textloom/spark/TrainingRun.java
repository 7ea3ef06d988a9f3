package io.textloom.spark;

import io.textloom.spark.commit.OutputException;
import io.textloom.spark.commit.OutputLock;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.InputFingerprint;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.lineage.Redaction;
import io.textloom.spark.lineage.Versions;
import io.textloom.spark.train.CurvePoint;
import io.textloom.spark.train.TrainingErrors;
import io.textloom.spark.train.TrainingFolder;
import io.textloom.spark.train.TrainingRecord;
import io.textloom.spark.train.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.spark.sql.SparkSession;

/**
 * What every training does around its own work: keeps others off the folder, says whether the training ended here before or was begun, with the same settings and input, takes the
 * times of its phases, and writes the record last.
 */
public final class TrainingRun implements AutoCloseable {
    /** Settings that may differ when a training goes on, as they do not change what it gives. */
    private static final Set<String> FREE =
            Set.of("mode", "report", "json", "master", "maxErrorRatio", "output", "spark.partitions");

    private static final String ROWS_IN = "rowsIn";
    private static final String ROWS_REJECTED = "rowsRejected";

    private final String task;
    private final JobContext context;
    private final Set<String> free;
    private final SortedMap<String, String> settings;
    private final TrainingFolder folder;
    private final OutputLock lock;
    private final Intake intake;
    private final String input;
    private final SortedMap<String, Double> seconds = new TreeMap<>();
    private long phaseStart = System.nanoTime();

    private TrainingRun(
            String task, JobContext context, Set<String> free, TrainingFolder folder, OutputLock lock, Intake intake) {
        this.task = task;
        this.context = context;
        this.free = free;
        this.folder = folder;
        this.lock = lock;
        this.intake = intake;
        input = intake.fingerprint().map(InputFingerprint::sha256).orElse("");
        settings = bound(context.settings());
    }

    /**
     * @param free settings of the task that may differ when it goes on
     * @throws OutputException if the folder must not be written to as asked, or another run is working on it
     */
    public static TrainingRun open(String task, JobContext context, Set<String> free) {
        TrainingFolder folder = TrainingFolder.open(
                context.output(), context.spark().sparkContext().hadoopConfiguration());
        folder.prepare();
        try {
            OutputLock lock = folder.lock();
            try {
                return new TrainingRun(
                        task, context, free, folder, lock, new Intake(context.spark(), context.intake()));
            } catch (RuntimeException e) {
                close(lock);
                throw e;
            }
        } catch (RuntimeException e) {
            folder.abandon();
            throw e;
        }
    }

    public TrainingFolder folder() {
        return folder;
    }

    public SparkSession spark() {
        return context.spark();
    }

    public Documents documents() {
        return intake.documents();
    }

    /**
     * The report of a training that ended here before and is the one asked for now; empty where one is to be done.
     *
     * @throws OutputException if another one ended here
     */
    public Optional<TrainReport> finished() {
        if (!resumes()) {
            return Optional.empty();
        }
        Optional<TrainingRecord> record = folder.record();
        if (record.isPresent()) {
            requireSame(
                    record.get().task(),
                    bound(record.get().settings()),
                    record.get().input());
            folder.delete(List.of()); // what a kill left of the work
        }
        return record.map(this::report);
    }

    /**
     * How far a training came that was begun here and is the one asked for now; its times go on.
     *
     * @throws OutputException if another one was begun here
     */
    public Optional<TrainingState> begun() {
        Optional<TrainingState> state = resumes() ? folder.state() : Optional.empty();
        if (state.isPresent()) {
            requireSame(
                    state.get().task(),
                    bound(state.get().settings()),
                    state.get().input());
            seconds.putAll(state.get().seconds());
        }
        return state;
    }

    private boolean resumes() {
        return context.output().mode() == RunMode.RESUME;
    }

    /** Notes how far the training is; what it needs to go on from there is written before. */
    public void keep(long done, List<CurvePoint> curve) {
        folder.write(new TrainingState(
                TrainingState.FORMAT_VERSION, task, settings, input, done, new TreeMap<>(seconds), List.copyOf(curve)));
    }

    /** Seconds of a phase so far, those of earlier runs included; 0 for one not begun. */
    public double seconds(String phase) {
        return seconds.getOrDefault(phase, 0.0);
    }

    /** Adds the time since the last phase's end to a phase. */
    public void endPhase(String phase) {
        long now = System.nanoTime();
        seconds.merge(phase, (now - phaseStart) / 1e9, Double::sum);
        phaseStart = now;
    }

    /**
     * Writes the table of rejected rows and the record, which ends the training.
     *
     * @param counts with rowsIn and rowsRejected
     * @param files name → sha-256 of what was written
     */
    public TrainReport finish(
            Documents documents,
            SortedMap<String, Long> counts,
            SortedMap<String, Long> rejectedByCode,
            SortedMap<String, String> files,
            Map<String, String> story,
            List<CurvePoint> curve) {
        return finish(
                path -> TrainingErrors.write(context.spark(), documents, path),
                counts,
                rejectedByCode,
                files,
                story,
                curve);
    }

    /**
     * The same.
     *
     * @param errors writes the table of rejected rows to a path; asked if there are any
     */
    public TrainReport finish(
            Consumer<String> errors,
            SortedMap<String, Long> counts,
            SortedMap<String, Long> rejectedByCode,
            SortedMap<String, String> files,
            Map<String, String> story,
            List<CurvePoint> curve) {
        if (counts.getOrDefault(ROWS_REJECTED, 0L) > 0) {
            errors.accept(folder.errors());
        }
        endPhase("write");
        IntakeOptions read =
                context.intake().qualified(context.spark().sparkContext().hadoopConfiguration());
        folder.write(new TrainingRecord(
                TrainingRecord.FORMAT_VERSION,
                task,
                Versions.of(context.spark()),
                read.withInputs(Redaction.inputs(read.inputs())),
                input,
                Redaction.settings(context.settings()),
                counts,
                rejectedByCode,
                seconds,
                files,
                story));
        folder.delete(List.of());
        return report(counts, rejectedByCode, seconds, story, curve);
    }

    private TrainReport report(TrainingRecord record) {
        return report(
                record.counts(),
                record.rejectedByCode(),
                new TreeMap<>(),
                Map.of(
                        "trained",
                        "by an earlier run with these settings; nothing was left to do"
                                + (input.isEmpty()
                                        ? ", unless the input has changed, which cannot be told of one that is no files:"
                                                + " --mode overwrite trains anew"
                                        : "")),
                List.of());
    }

    private TrainReport report(
            SortedMap<String, Long> counts,
            SortedMap<String, Long> rejectedByCode,
            SortedMap<String, Double> times,
            Map<String, String> story,
            List<CurvePoint> curve) {
        long rowsIn = counts.getOrDefault(ROWS_IN, 0L);
        long rejected = counts.getOrDefault(ROWS_REJECTED, 0L);
        return new TrainReport(
                task,
                Redaction.uris(folder.path()),
                rowsIn,
                rejected,
                rejectedByCode,
                counts,
                times,
                story,
                curve,
                rejected > context.output().maxErrorRatio() * rowsIn);
    }

    private SortedMap<String, String> bound(SortedMap<String, String> all) {
        SortedMap<String, String> bound = new TreeMap<>(Redaction.settings(all));
        bound.keySet().removeAll(FREE);
        bound.keySet().removeAll(free);
        return bound;
    }

    private void requireSame(String taskThen, SortedMap<String, String> then, String inputThen) {
        if (!taskThen.equals(task)) {
            throw new OutputException(folder.path() + " holds the training of a " + taskThen
                    + "; choose another --output, or --mode overwrite");
        }
        SortedSet<String> keys = new TreeSet<>(then.keySet());
        keys.addAll(settings.keySet());
        for (String key : keys) {
            if (!then.getOrDefault(key, "").equals(settings.getOrDefault(key, ""))) {
                throw new OutputException(folder.path() + " holds a training with other settings: " + key + " was "
                        + then.getOrDefault(key, "not set") + " and is " + settings.getOrDefault(key, "not set")
                        + " now; give the same ones, or start anew with --mode overwrite");
            }
        }
        if (!inputThen.equals(input)) {
            throw new OutputException(
                    folder.path()
                            + " holds a training on another input, or the input has changed since; --mode overwrite starts anew");
        }
    }

    @Override
    public void close() {
        close(lock);
        folder.abandon();
        context.progress().finished();
    }

    private static void close(OutputLock lock) {
        try {
            lock.close();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot unlock the output directory: " + e.getMessage(), e);
        }
    }
}
