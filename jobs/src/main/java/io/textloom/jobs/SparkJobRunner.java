package io.textloom.jobs;

import io.textloom.config.Job;
import io.textloom.config.JobOptions;
import io.textloom.config.ResolvedSettings;
import io.textloom.config.ScoreTask;
import io.textloom.config.Settings;
import io.textloom.config.SettingsResolver;
import io.textloom.config.Sources;
import io.textloom.config.TrainTask;
import io.textloom.jobs.doctor.Checkup;
import io.textloom.spark.JobContext;
import io.textloom.spark.JobReport;
import io.textloom.spark.JobSpec;
import io.textloom.spark.Jobs;
import io.textloom.spark.Progress;
import io.textloom.spark.TrainReport;
import io.textloom.spark.VerifyReport;
import io.textloom.spark.intake.InputFormat;
import io.textloom.spark.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import org.apache.spark.sql.SparkSession;
import org.jspecify.annotations.Nullable;

/** Opens a session, runs one job in it and stops it. */
final class SparkJobRunner implements JobRunner {
    /** What an explained job looks at. */
    private static final int SAMPLE_ROWS = 1000;

    private static final double MEASURED_SECONDS = 5;

    private final Console console;
    private @Nullable SparkSession kept;

    SparkJobRunner(Console console) {
        this.console = console;
    }

    @Override
    public JobReport run(ResolvedSettings settings, boolean verbose) {
        try (Lease lease = lease(settings, verbose);
                ConsoleProgress progress = new ConsoleProgress(console)) {
            return runIn(lease.spark(), settings, progress);
        }
    }

    @Override
    public Plan explain(ResolvedSettings settings, boolean verbose) {
        try (Lease lease = lease(settings, verbose)) {
            return Jobs.explain(spec(lease.spark(), settings, Progress.SILENT), SAMPLE_ROWS, MEASURED_SECONDS);
        }
    }

    /** Runs the job of the settings in a session that stays open. */
    static JobReport runIn(SparkSession spark, ResolvedSettings settings, ConsoleProgress progress) {
        return Jobs.run(spec(spark, settings, progress));
    }

    private static JobSpec spec(SparkSession spark, ResolvedSettings settings, Progress progress) {
        JobContext context = new JobContext(
                spark,
                JobOptions.model(settings),
                JobOptions.intake(settings),
                JobOptions.output(settings),
                settings.asMap(),
                JobOptions.prices(settings),
                progress);
        if (context.intake().format() == InputFormat.OPENAI_BATCH) {
            return batch(context, settings);
        }
        return switch (settings.job()) {
            case TOKENIZE -> Jobs.tokenizing(context, JobOptions.tokenize(settings), JobOptions.tokenizers(settings));
            case EMBED ->
                Jobs.embedding(
                        context,
                        JobOptions.embed(settings),
                        JobOptions.device(settings),
                        JobOptions.embedders(settings));
            case GENERATE ->
                Jobs.generating(
                        context,
                        JobOptions.generate(settings),
                        JobOptions.prompts(settings),
                        JobOptions.device(settings));
            case SCORE ->
                switch (settings.choice("score.task", ScoreTask.class)) {
                    case LOG_LIKELIHOOD ->
                        Jobs.scoring(context, JobOptions.likelihood(settings), JobOptions.device(settings));
                    case CHOICES -> Jobs.choosing(context, JobOptions.choices(settings), JobOptions.device(settings));
                    case FILL_MASK ->
                        Jobs.fillingMasks(context, JobOptions.fillMask(settings), JobOptions.device(settings));
                };
            case CLASSIFY -> Jobs.classifying(context, JobOptions.classify(settings), JobOptions.device(settings));
            case TRAIN, VERIFY, DOCTOR ->
                throw new IllegalStateException(settings.job().title() + " has a report of its own");
        };
    }

    private static JobSpec batch(JobContext context, ResolvedSettings settings) {
        return switch (settings.job()) {
            case EMBED ->
                Jobs.embeddingBatch(
                        context,
                        JobOptions.embed(settings),
                        JobOptions.device(settings),
                        JobOptions.embedders(settings));
            case GENERATE ->
                Jobs.generatingBatch(
                        context,
                        JobOptions.generate(settings),
                        JobOptions.prompts(settings),
                        JobOptions.batch(settings),
                        JobOptions.device(settings));
            default ->
                throw new IllegalArgumentException("inputFormat is openai-batch, which the jobs generate and embed"
                        + " read, but the job is " + settings.job().title() + "; choose another --input-format");
        };
    }

    @Override
    public TrainReport train(ResolvedSettings settings, boolean verbose) {
        try (Lease lease = lease(settings, verbose);
                ConsoleProgress progress = new ConsoleProgress(console)) {
            TrainTask task = settings.choice("train.task", TrainTask.class);
            JobContext context = new JobContext(
                    lease.spark(),
                    task == TrainTask.HEADS ? JobOptions.model(settings) : "",
                    JobOptions.trainIntake(settings),
                    JobOptions.trainOutput(settings),
                    settings.asMap(),
                    progress);
            return switch (task) {
                case TOKENIZER -> Jobs.trainTokenizer(context, JobOptions.trainTokenizer(settings));
                case WORD2VEC -> Jobs.train(context, JobOptions.trainWord2Vec(settings));
                case HEADS -> Jobs.train(context, JobOptions.trainHeads(settings));
                case ELMO -> Jobs.train(context, JobOptions.trainElmo(settings));
            };
        }
    }

    @Override
    public VerifyReport verify(ResolvedSettings settings, boolean verbose) {
        try (Lease lease = lease(settings, verbose)) {
            return Jobs.verify(
                    lease.spark(), JobOptions.outputPath(settings), JobOptions.verify(settings), this::runAgain);
        }
    }

    /** A job by the settings of a manifest; those that this Textloom does not know are left out. */
    private JobReport runAgain(SparkSession spark, String name, SortedMap<String, String> manifest) {
        Job job = Job.valueOf(name.toUpperCase(Locale.ROOT));
        List<String> assignments = new ArrayList<>();
        manifest.forEach((key, value) -> {
            if (Settings.find(key).filter(s -> s.appliesTo(job)).isPresent()) {
                assignments.add(key + "=" + value);
            }
        });
        ResolvedSettings settings =
                SettingsResolver.resolve(job, new Sources(Optional.empty(), Map.of(), Map.of(), assignments, Map.of()));
        try (ConsoleProgress progress = new ConsoleProgress(console)) {
            return runIn(spark, settings, progress);
        }
    }

    @Override
    public Checkup doctor(ResolvedSettings settings, boolean verbose) {
        return new Doctor(console).examine(settings, verbose);
    }

    @Override
    public KeptSession keepSession(ResolvedSettings settings, boolean verbose) {
        SparkSession spark = SparkSessions.open(settings, "run", console, verbose);
        kept = spark;
        return () -> {
            kept = null;
            spark.close();
        };
    }

    private Lease lease(ResolvedSettings settings, boolean verbose) {
        SparkSession shared = kept;
        return shared == null
                ? new Lease(SparkSessions.open(settings, settings.job().title(), console, verbose), true)
                : new Lease(shared, false);
    }

    /** A session for one job. */
    private record Lease(SparkSession spark, boolean owned) implements AutoCloseable {
        @Override
        public void close() {
            if (owned) {
                spark.close();
            }
        }
    }
}
