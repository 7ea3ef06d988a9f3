package io.textloom.train.word2vec;

import io.textloom.spark.JobContext;
import io.textloom.spark.TrainReport;
import io.textloom.spark.commit.OutputException;
import io.textloom.spark.commit.RunMode;
import io.textloom.spark.intake.Documents;
import io.textloom.spark.intake.InputFingerprint;
import io.textloom.spark.intake.Intake;
import io.textloom.spark.intake.IntakeOptions;
import io.textloom.spark.lineage.Redaction;
import io.textloom.spark.lineage.Versions;
import io.textloom.spark.train.CurvePoint;
import io.textloom.spark.train.TrainWord2VecOptions;
import io.textloom.spark.train.TrainingErrors;
import io.textloom.spark.train.TrainingFolder;
import io.textloom.spark.train.TrainingRecord;
import io.textloom.spark.train.WordEngine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.sql.SparkSession;

/** The whole training: prepared by Spark, trained on the driver with a checkpoint after each epoch, written as a model's folder. */
final class Word2VecJob {
    static final String TASK = "word2vec";

    /** Settings that may differ when a training goes on: they do not change what it gives, or one thread's training would differ from another's anyhow. */
    private static final Set<String> FREE =
            Set.of("mode", "report", "json", "master", "maxErrorRatio", "output", "train.threads", "spark.partitions");

    private final JobContext context;
    private final TrainWord2VecOptions options;
    private final SparkSession spark;
    private final SortedMap<String, String> settings;
    private final SortedMap<String, Double> seconds = new TreeMap<>();
    private long phaseStart = System.nanoTime();

    Word2VecJob(JobContext context, TrainWord2VecOptions options) {
        this.context = context;
        this.options = options;
        this.spark = context.spark();
        this.settings = new TreeMap<>(Redaction.settings(context.settings()));
        settings.keySet().removeAll(FREE);
    }

    TrainReport run() {
        Configuration conf = spark.sparkContext().hadoopConfiguration();
        TrainingFolder folder = TrainingFolder.open(context.output(), conf);
        try {
            Checkpoint checkpoint = new Checkpoint(folder);
            boolean resumes = context.output().mode() == RunMode.RESUME;
            Optional<TrainingRecord> finished = resumes ? folder.record() : Optional.empty();
            Intake intake = new Intake(spark, context.intake());
            String input = intake.fingerprint().map(InputFingerprint::sha256).orElse("");
            if (finished.isPresent()) {
                TrainReport report = alreadyDone(finished.get(), folder, input);
                folder.delete(List.of()); // what a kill left of the work
                return report;
            }
            Optional<Checkpoint.State> begun = resumes ? checkpoint.state() : Optional.empty();
            if (begun.isPresent()) {
                requireSame(begun.get().settings(), folder);
                requireSameInput(begun.get().input(), input, folder);
            }
            Documents documents = intake.documents();
            folder.prepare();
            return train(folder, checkpoint, documents, input, begun);
        } finally {
            folder.abandon();
            context.progress().finished();
        }
    }

    private TrainReport train(
            TrainingFolder folder,
            Checkpoint checkpoint,
            Documents documents,
            String input,
            Optional<Checkpoint.State> begun) {
        Prepared prepared;
        Checkpoint.State state;
        if (begun.isPresent()) {
            state = begun.get();
            seconds.putAll(state.seconds());
            prepared = checkpoint.prepared();
        } else {
            folder.clear();
            folder.delete(ModelFiles.ALL);
            prepared = new Preparation(context, options).run(documents, folder.fileSystem(), checkpoint.corpus());
            endPhase("prepare");
            state = new Checkpoint.State(settings, input, 0, seconds, List.of());
            checkpoint.begin(prepared, state);
        }
        VectorTable table = new VectorTable(prepared.words(), options.dimensions());
        if (state.epochs() == 0) {
            table.initialise(options.seed());
        } else {
            checkpoint.load(state.epochs(), table);
        }
        List<CurvePoint> curve = epochs(checkpoint, state, prepared, table);
        return write(folder, documents, input, prepared, table, curve, state.epochs());
    }

    private List<CurvePoint> epochs(
            Checkpoint checkpoint, Checkpoint.State state, Prepared prepared, VectorTable table) {
        Corpus corpus =
                new Corpus(checkpoint.fileSystem(), checkpoint.corpus(), prepared.parts, unit -> prepared.ids[unit]);
        Training training = new Training(options, corpus, prepared.corpusWords(), context.progress(), state.curve());
        double before = seconds.getOrDefault("train", 0.0);
        context.progress().started("train: word vectors", "words");
        try (Learner learner = learner(prepared, table)) {
            for (int epoch = state.epochs(); epoch < options.epochs(); epoch++) {
                training.epoch(epoch, learner);
                seconds.put("train", before + training.seconds());
                checkpoint.save(
                        table, new Checkpoint.State(settings, state.input(), epoch + 1, seconds, training.curve()));
            }
        }
        phaseStart = System.nanoTime();
        return training.curve();
    }

    private Learner learner(Prepared prepared, VectorTable table) {
        return options.engine() == WordEngine.TEXTLOOM
                ? new TextloomLearner(table, prepared.counts, options)
                : Dl4jLearner.open(table, prepared, options);
    }

    private TrainReport write(
            TrainingFolder folder,
            Documents documents,
            String input,
            Prepared prepared,
            VectorTable table,
            List<CurvePoint> curve,
            int epochsBefore) {
        context.progress().started("train: writing");
        if (prepared.rowsRejected() > 0) {
            TrainingErrors.write(spark, documents, folder.errors());
        }
        SortedMap<String, String> hashes = new ModelFiles(options, prepared, table).write(folder, curve);
        SortedMap<String, Long> counts = counts(prepared);
        Map<String, String> story = story(prepared, curve, epochsBefore);
        endPhase("write");
        IntakeOptions read = context.intake().qualified(spark.sparkContext().hadoopConfiguration());
        folder.write(
                new TreeMap<>(),
                new TrainingRecord(
                        TrainingRecord.FORMAT_VERSION,
                        TASK,
                        Versions.of(spark),
                        read.withInputs(Redaction.inputs(read.inputs())),
                        input,
                        Redaction.settings(context.settings()),
                        counts,
                        prepared.rejected,
                        seconds,
                        hashes,
                        story));
        folder.delete(List.of());
        long rejected = prepared.rowsRejected();
        long rowsIn = prepared.figure(Prepared.ROWS_IN);
        return new TrainReport(
                TASK,
                Redaction.uris(folder.path()),
                rowsIn,
                rejected,
                prepared.rejected,
                counts,
                seconds,
                story,
                curve,
                rejected > context.output().maxErrorRatio() * rowsIn);
    }

    private SortedMap<String, Long> counts(Prepared prepared) {
        SortedMap<String, Long> counts = new TreeMap<>(prepared.figures);
        counts.put("rowsRejected", prepared.rowsRejected());
        counts.put("vectors", (long) prepared.words());
        counts.put("dimensions", (long) options.dimensions());
        counts.put("corpusWords", prepared.corpusWords());
        counts.put("phrases", (long) prepared.phrases.size());
        counts.put("epochs", (long) options.epochs());
        return counts;
    }

    private Map<String, String> story(Prepared prepared, List<CurvePoint> curve, int epochsBefore) {
        Map<String, String> story = new LinkedHashMap<>();
        story.put(
                "corpus",
                String.format(
                        Locale.ROOT,
                        "%,d words of the vocabulary; %,d rarer than %d and %,d longer than %d bytes were left out",
                        prepared.corpusWords(),
                        prepared.figure(Prepared.RARE_WORDS),
                        options.minCount(),
                        prepared.figure(Prepared.WORDS_LEFT_OUT),
                        options.maxWordBytes()));
        if (epochsBefore > 0) {
            story.put("resumed", "after epoch " + epochsBefore);
        }
        double time = seconds.getOrDefault("train", 0.0);
        story.put(
                "trained",
                String.format(
                        Locale.ROOT,
                        "%,d vectors of %d dimensions, epochs: %d, %,.0f words/s",
                        prepared.words(),
                        options.dimensions(),
                        options.epochs(),
                        time > 0 ? prepared.corpusWords() * options.epochs() / time : 0));
        if (!curve.isEmpty() && curve.get(0).loss() > 0) {
            story.put(
                    "loss",
                    String.format(
                            Locale.ROOT,
                            "%.4f at first, %.4f at last",
                            curve.get(0).loss(),
                            curve.get(curve.size() - 1).loss()));
        }
        return story;
    }

    private void requireSame(SortedMap<String, String> then, TrainingFolder folder) {
        SortedSet<String> differing = new TreeSet<>();
        List<String> keys = new ArrayList<>(then.keySet());
        keys.addAll(settings.keySet());
        for (String key : keys) {
            if (!then.getOrDefault(key, "").equals(settings.getOrDefault(key, ""))) {
                differing.add(key);
            }
        }
        if (!differing.isEmpty()) {
            String key = differing.first();
            throw new OutputException(folder.path() + " holds a training with other settings: " + key + " was "
                    + then.getOrDefault(key, "not set") + " and is " + settings.getOrDefault(key, "not set")
                    + " now; give the same ones, or start anew with --mode overwrite");
        }
    }

    /** A finished training is not done again. */
    private static void requireSameInput(String then, String now, TrainingFolder folder) {
        if (!then.equals(now)) {
            throw new OutputException(
                    folder.path()
                            + " holds a training on another input, or the input has changed since; --mode overwrite starts anew");
        }
    }

    private TrainReport alreadyDone(TrainingRecord record, TrainingFolder folder, String input) {
        if (!record.task().equals(TASK)) {
            throw new OutputException(folder.path() + " holds the training of a " + record.task()
                    + "; choose another --output, or --mode overwrite");
        }
        SortedMap<String, String> then = new TreeMap<>(record.settings());
        then.keySet().removeAll(FREE);
        requireSame(then, folder);
        requireSameInput(record.input(), input, folder);
        long rowsIn = record.counts().getOrDefault(Prepared.ROWS_IN, 0L);
        long rowsRejected = record.counts().getOrDefault("rowsRejected", 0L);
        return new TrainReport(
                TASK,
                Redaction.uris(folder.path()),
                rowsIn,
                rowsRejected,
                record.rejectedByCode(),
                record.counts(),
                new TreeMap<>(),
                Map.of("trained", "by an earlier run with these settings; nothing was left to do"),
                List.of(),
                rowsRejected > context.output().maxErrorRatio() * rowsIn);
    }

    private void endPhase(String phase) {
        long now = System.nanoTime();
        seconds.put(phase, (now - phaseStart) / 1e9);
        phaseStart = now;
    }
}
