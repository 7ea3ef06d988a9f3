package io.textloom.train.heads;

import io.textloom.classify.HeadNet;
import io.textloom.model.ModelRef;
import io.textloom.model.TrainedHeads;
import io.textloom.spark.JobContext;
import io.textloom.spark.Progress;
import io.textloom.spark.TrainReport;
import io.textloom.spark.TrainingRun;
import io.textloom.spark.commit.OutputException;
import io.textloom.spark.intake.InputFingerprint;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.stage.ModelLeases;
import io.textloom.spark.train.CurvePoint;
import io.textloom.spark.train.HeadOptions;
import io.textloom.spark.train.TrainHeadsOptions;
import io.textloom.spark.train.TrainingState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;

/** The whole training: vectors computed by Spark, heads trained on them with a checkpoint after each epoch, calibrated, and written beside the encoder. */
final class HeadsJob {
    private static final String TASK = "heads";
    private static final String TRAIN = "train";
    private static final int TABLE_LABELS = 8;

    private final JobContext context;
    private final TrainHeadsOptions options;
    private final ModelRef model;
    private final TrainingRun run;
    private final Checkpoint checkpoint;

    private HeadsJob(JobContext context, TrainHeadsOptions options, ModelRef model, TrainingRun run) {
        this.context = context;
        this.options = options;
        this.model = model;
        this.run = run;
        checkpoint = new Checkpoint(run.folder());
    }

    static TrainReport run(JobContext asked, TrainHeadsOptions options) {
        ModelRef model = ModelLeases.store()
                .resolve(asked.model(), asked.spark().sparkContext().hadoopConfiguration());
        requireApart(asked, model);
        JobContext context = identified(asked, options, model);
        try (TrainingRun run = TrainingRun.open(TASK, context, Set.of())) {
            return run.finished().orElseGet(() -> new HeadsJob(context, options, model, run).train());
        }
    }

    /** An output that is the encoder's folder would be cleared before the encoder is read. */
    private static void requireApart(JobContext context, ModelRef model) {
        if (!model.uri().contains(":/")) {
            return;
        }
        Path given = new Path(context.output().path());
        try {
            FileSystem fs = given.getFileSystem(context.spark().sparkContext().hadoopConfiguration());
            String output = fs.makeQualified(given) + "/";
            String encoder = new Path(model.uri()) + "/";
            if (output.startsWith(encoder) || encoder.startsWith(output)) {
                throw new OutputException(
                        "The output " + given + " and the encoder " + model.uri()
                                + " lie within each other, and the training would clear the encoder away; choose another --output");
            }
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot look for " + given, e);
        }
    }

    /** A training goes on only with the same heads, encoder and rows; files that settings merely name may have changed. */
    private static JobContext identified(JobContext asked, TrainHeadsOptions options, ModelRef model) {
        SortedMap<String, String> settings = new TreeMap<>(asked.settings());
        settings.put("train.headList", options.heads().toString());
        settings.put("train.encoderSha256", model.sha256());
        for (HeadOptions head : options.heads()) {
            fingerprint(asked, head, head.input(), "input", settings);
            fingerprint(asked, head, head.dev(), "dev", settings);
        }
        return new JobContext(
                asked.spark(),
                asked.model(),
                asked.intake(),
                asked.output(),
                settings,
                asked.prices(),
                asked.progress());
    }

    private static void fingerprint(
            JobContext context,
            HeadOptions head,
            List<String> inputs,
            String which,
            SortedMap<String, String> settings) {
        if (!inputs.isEmpty()) {
            new Intake(context.spark(), Freezing.intake(context, head, inputs))
                    .fingerprint()
                    .map(InputFingerprint::sha256)
                    .ifPresent(sha -> settings.put("train.headList." + head.name() + "." + which, sha));
        }
    }

    private TrainReport train() {
        Optional<TrainingState> begun = run.begun();
        int before = Math.toIntExact(begun.map(TrainingState::done).orElse(0L));
        Prepared prepared = begun.isPresent() ? checkpoint.prepared() : prepare();
        List<HeadPlan> plans = prepared.plans(options);
        TrainedHeads heads = prepared.heads(options, plans);
        List<CurvePoint> curve = new ArrayList<>(begun.map(TrainingState::curve).orElse(List.of()));
        Course course = epochs(before, plans, heads, prepared, curve);
        context.progress().started("train: calibrating and writing");
        return write(prepared, plans, heads, course, curve, before);
    }

    private Prepared prepare() {
        run.folder().clear();
        List<String> names = options.heads().stream().map(HeadOptions::name).toList();
        run.folder().delete(HeadFiles.all(model, names));
        Prepared prepared =
                new Freezing(context, options, model).run(run.folder().fileSystem(), checkpoint.vectors());
        checkpoint.begin(prepared);
        run.endPhase("vectors");
        run.keep(0, List.of());
        return prepared;
    }

    private Examples examples() {
        return new Examples(
                run.folder().fileSystem(),
                checkpoint.vectors(),
                options.heads().stream().map(HeadOptions::name).toList());
    }

    private Course epochs(
            int before, List<HeadPlan> plans, TrainedHeads heads, Prepared prepared, List<CurvePoint> curve) {
        Schedule schedule = new Schedule(
                prepared.figures().stream().map(own -> own.train).toList(), options.batchRows(), options.seed());
        Examples examples = examples();
        context.progress().started("train: heads", "rows");
        try (HeadTrainer trainer = trainer(heads, plans, examples)) {
            Course course = before == 0 ? new Course(plans.size()) : checkpoint.load(before, trainer);
            long rows = curve.isEmpty() ? 0 : curve.get(curve.size() - 1).words();
            for (int epoch = before; epoch < options.epochs() && !course.isOver(options.patience()); epoch++) {
                long start = System.nanoTime();
                List<BatchPlace> steps = schedule.epoch(epoch);
                double[] losses = new double[plans.size()];
                trainer.fit(steps, new Draws(options.seed(), epoch, -1).next(), losses);
                double seconds = (System.nanoTime() - start) / 1e9;
                long ofEpoch = steps.stream()
                        .mapToLong(step -> step.to() - step.from())
                        .sum();
                rows += ofEpoch;
                double loss = measured(epoch, plans, heads, prepared, examples, trainer, course, steps, losses);
                if (!Double.isFinite(loss)) {
                    throw new IllegalStateException("The loss is no number any more in epoch " + (epoch + 1)
                            + "; start anew with --mode overwrite and a lower train.rate than " + options.rate());
                }
                curve.add(new CurvePoint(epoch + 1, rows, options.rate(), loss, ofEpoch / Math.max(seconds, 1e-9)));
                checkpoint.save(epoch + 1, trainer, course);
                run.endPhase(TRAIN);
                run.keep(epoch + 1, curve);
                checkpoint.forget(epoch);
                context.progress()
                        .advanced(
                                new Progress.Snapshot(rows, (long) options.epochs() * ofEpoch, 0, run.seconds(TRAIN)));
            }
            return course;
        }
    }

    private HeadTrainer trainer(TrainedHeads heads, List<HeadPlan> plans, Examples examples) {
        return options.workers() == 0
                ? new Dl4jTrainer(heads, plans, options.rate(), options.seed(), examples)
                : new Dl4jAveraging(heads, plans, options, examples, run.spark(), checkpoint.vectors());
    }

    /** @return the mean loss of the epoch's steps */
    private static double measured(
            int epoch,
            List<HeadPlan> plans,
            TrainedHeads heads,
            Prepared prepared,
            Examples examples,
            HeadTrainer trainer,
            Course course,
            List<BatchPlace> steps,
            double[] losses) {
        double sum = 0;
        List<Course.Epoch> measured = new ArrayList<>();
        List<Weights> weights = new ArrayList<>();
        for (int i = 0; i < plans.size(); i++) {
            int head = i;
            HeadPlan plan = plans.get(i);
            weights.add(Weights.of(heads, plan.head(), trainer.weights(i)));
            Results dev = Results.of(
                    plan,
                    i,
                    new HeadNet(heads, plan.head(), weights.get(i)),
                    examples,
                    prepared.figures().get(i).dev);
            long count = steps.stream().filter(step -> step.head() == head).count();
            measured.add(new Course.Epoch(
                    epoch, i, losses[i] / Math.max(1, count), dev.measures(1).getOrDefault("loss", 0.0), dev.score()));
            sum += losses[i];
        }
        course.add(measured, weights);
        return sum / steps.size();
    }

    private TrainReport write(
            Prepared prepared,
            List<HeadPlan> trained,
            TrainedHeads uncalibrated,
            Course course,
            List<CurvePoint> curve,
            int epochsBefore) {
        Examples examples = examples();
        HeadFiles files = new HeadFiles(run.folder());
        List<HeadPlan> plans = new ArrayList<>();
        List<Map<String, Double>> measures = new ArrayList<>();
        Map<String, String> story = new LinkedHashMap<>();
        if (epochsBefore > 0) {
            story.put("resumed", "after epoch " + epochsBefore);
        }
        int epochs = course.epochs().size() / trained.size();
        story.put("trained", "epochs: " + epochs + ", the best one " + (course.bestEpoch() + 1));
        for (int i = 0; i < trained.size(); i++) {
            HeadPlan plan = trained.get(i);
            Results dev = Results.of(
                    plan,
                    i,
                    new HeadNet(uncalibrated, plan.head(), course.best().get(i)),
                    examples,
                    prepared.figures().get(i).dev);
            double temperature = dev.choices().size() == 0 ? 1 : dev.choices().temperature();
            Map<String, Double> own = dev.measures(temperature);
            if (dev.choices().size() > 0) {
                own.put("temperature", temperature);
                own.put("calibration error before", dev.choices().calibrationError(1));
                own.put("calibration error", dev.choices().calibrationError(temperature));
            }
            plans.add(plan.withTemperature(temperature));
            measures.add(own);
            story.put(plan.head().name(), told(own));
            long[][] confusion = dev.confusion();
            if (confusion.length > 0 && confusion.length <= TABLE_LABELS) {
                story.put(plan.head().name() + " confusion", table(plan, confusion));
            }
            files.confusion(plan, confusion);
        }
        files.evaluation(plans, course, measures);
        files.curve(plans, course);
        files.heads(prepared.heads(options, plans), course.best());
        files.encoder(
                model,
                ModelLeases.store().localise(model, run.spark().sparkContext().hadoopConfiguration()));
        return run.finish(
                path -> Rejects.table(run.spark(), run.folder().fileSystem(), directories(), path),
                counts(prepared, epochs),
                prepared.rejected(),
                files.hashes(),
                story,
                curve);
    }

    private List<Path> directories() {
        return options.heads().stream()
                .map(head -> new Path(checkpoint.vectors(), head.name()))
                .toList();
    }

    private static String told(Map<String, Double> measures) {
        List<String> parts = new ArrayList<>();
        measures.forEach((name, value) -> parts.add(String.format(Locale.ROOT, "%s %.4f", name, value)));
        return String.join(", ", parts);
    }

    /** {@code right → found count} for every pair of labels that occurs. */
    private static String table(HeadPlan plan, long[][] confusion) {
        List<String> parts = new ArrayList<>();
        List<String> labels = plan.head().labels();
        for (int right = 0; right < confusion.length; right++) {
            for (int found = 0; found < confusion.length; found++) {
                if (confusion[right][found] > 0) {
                    parts.add(labels.get(right) + " → " + labels.get(found) + " " + confusion[right][found]);
                }
            }
        }
        return String.join(", ", parts);
    }

    private static SortedMap<String, Long> counts(Prepared prepared, int epochs) {
        SortedMap<String, Long> counts = new TreeMap<>();
        long rows = 0;
        long train = 0;
        long dev = 0;
        long tokens = 0;
        for (PartFigures own : prepared.figures()) {
            rows += own.rows;
            train += PartFigures.examples(own.train);
            dev += PartFigures.examples(own.dev);
            tokens += own.tokens;
        }
        counts.put("rowsIn", rows);
        counts.put(
                "rowsRejected",
                prepared.rejected().values().stream().mapToLong(count -> count).sum());
        counts.put("rowsTrained", train);
        counts.put("rowsHeldOut", dev);
        counts.put("tokens", tokens);
        counts.put("dimensions", (long) prepared.dimensions());
        counts.put("heads", (long) prepared.figures().size());
        counts.put("epochs", (long) epochs);
        return counts;
    }
}
