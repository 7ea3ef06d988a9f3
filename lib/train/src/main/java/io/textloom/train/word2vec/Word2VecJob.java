package io.textloom.train.word2vec;

import io.textloom.spark.JobContext;
import io.textloom.spark.TrainReport;
import io.textloom.spark.TrainingRun;
import io.textloom.spark.intake.Documents;
import io.textloom.spark.train.CurvePoint;
import io.textloom.spark.train.TrainWord2VecOptions;
import io.textloom.spark.train.TrainingState;
import io.textloom.spark.train.WordEngine;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** The whole training: prepared by Spark, trained on the driver with a checkpoint after each epoch, written as a model's folder. */
final class Word2VecJob {
    private static final String TASK = "word2vec";
    private static final String TRAIN = "train";

    /** One thread's training differs from another's anyhow. */
    private static final Set<String> FREE = Set.of("train.threads");

    private final JobContext context;
    private final TrainWord2VecOptions options;
    private final TrainingRun run;
    private final Checkpoint checkpoint;

    private Word2VecJob(JobContext context, TrainWord2VecOptions options, TrainingRun run) {
        this.context = context;
        this.options = options;
        this.run = run;
        checkpoint = new Checkpoint(run.folder());
    }

    static TrainReport run(JobContext context, TrainWord2VecOptions options) {
        try (TrainingRun run = TrainingRun.open(TASK, context, FREE)) {
            return run.finished().orElseGet(() -> new Word2VecJob(context, options, run).train());
        }
    }

    private TrainReport train() {
        Optional<TrainingState> begun = run.begun();
        Documents documents = run.documents();
        Prepared prepared = begun.isPresent() ? checkpoint.prepared() : prepare(documents);
        int epochsBefore = Math.toIntExact(begun.map(TrainingState::done).orElse(0L));
        VectorTable table = new VectorTable(prepared.words(), options.dimensions());
        if (epochsBefore == 0) {
            table.initialise(options.seed());
        } else {
            checkpoint.load(epochsBefore, table);
        }
        List<CurvePoint> curve =
                epochs(epochsBefore, begun.map(TrainingState::curve).orElse(List.of()), prepared, table);
        context.progress().started("train: writing");
        SortedMap<String, String> hashes = new ModelFiles(options, prepared, table).write(run.folder(), curve);
        return run.finish(
                documents, counts(prepared), prepared.rejected, hashes, story(prepared, curve, epochsBefore), curve);
    }

    private Prepared prepare(Documents documents) {
        run.folder().clear();
        run.folder().delete(ModelFiles.ALL);
        Prepared prepared =
                new Preparation(context, options).run(documents, run.folder().fileSystem(), checkpoint.corpus());
        checkpoint.begin(prepared);
        run.endPhase("prepare");
        run.keep(0, List.of());
        return prepared;
    }

    private List<CurvePoint> epochs(int before, List<CurvePoint> curve, Prepared prepared, VectorTable table) {
        Corpus corpus = new Corpus(checkpoint.fileSystem(), checkpoint.corpus(), prepared.parts, prepared::ids);
        Training training = new Training(options, corpus, prepared.corpusWords(), context.progress(), curve);
        context.progress().started("train: word vectors", "words");
        try (Learner learner = learner(prepared, table)) {
            for (int epoch = before; epoch < options.epochs(); epoch++) {
                training.epoch(epoch, learner);
                checkpoint.save(table, epoch + 1);
                run.endPhase(TRAIN);
                run.keep(epoch + 1, training.curve());
                checkpoint.forget(epoch);
            }
        }
        return training.curve();
    }

    private Learner learner(Prepared prepared, VectorTable table) {
        return options.engine() == WordEngine.TEXTLOOM
                ? new TextloomLearner(table, prepared.counts, options)
                : Dl4jLearner.open(table, prepared, options);
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
        double time = run.seconds(TRAIN);
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
}
