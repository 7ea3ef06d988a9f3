package io.textloom.train.elmo;

import io.textloom.spark.JobContext;
import io.textloom.spark.TrainReport;
import io.textloom.spark.TrainingRun;
import io.textloom.spark.intake.Documents;
import io.textloom.spark.train.CurvePoint;
import io.textloom.spark.train.TrainElmoOptions;
import io.textloom.spark.train.TrainingState;
import io.textloom.token.Tokenizer;
import io.textloom.token.train.TokenizerFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.commons.codec.digest.DigestUtils;

/** The whole training: the corpus encoded by Spark, the language models trained on the driver with checkpoints, the layers mixed, all written as a model's folder. */
final class ElmoJob {
    private static final String TASK = "elmo";
    private static final String TRAIN = "train";

    /** What comes out does not depend on the threads. */
    private static final Set<String> FREE = Set.of("train.threads");

    /** Of the count model. */
    private static final int ORDER = 5;

    /** That the count model counts, at most, as it holds them all; unit: tokens */
    private static final long MOST_COUNTED = 10_000_000;

    /** Of heap, beside the net; unit: bytes */
    private static final long BYTES_OF_A_COUNTED = 300;

    private final JobContext context;
    private final TrainElmoOptions options;
    private final SortedMap<String, byte[]> given;
    private final TrainingRun run;
    private final Checkpoint checkpoint;

    private ElmoJob(JobContext context, TrainElmoOptions options, SortedMap<String, byte[]> given, TrainingRun run) {
        this.context = context;
        this.options = options;
        this.given = given;
        this.run = run;
        checkpoint = new Checkpoint(run.folder());
    }

    static TrainReport run(JobContext asked, TrainElmoOptions options) {
        SortedMap<String, byte[]> given =
                Preparation.given(options, asked.spark().sparkContext().hadoopConfiguration());
        JobContext context = bound(asked, given);
        try (TrainingRun run = TrainingRun.open(TASK, context, FREE)) {
            return run.finished().orElseGet(() -> new ElmoJob(context, options, given, run).train());
        }
    }

    /** A training goes on only with the same tokenizer; the folder that the setting names may hold another one since. */
    private static JobContext bound(JobContext asked, SortedMap<String, byte[]> given) {
        if (given.isEmpty()) {
            return asked;
        }
        SortedMap<String, String> settings = new TreeMap<>(asked.settings());
        given.forEach((name, bytes) -> settings.put("train.tokenizerSha256." + name, DigestUtils.sha256Hex(bytes)));
        return new JobContext(
                asked.spark(),
                asked.model(),
                asked.intake(),
                asked.output(),
                settings,
                asked.prices(),
                asked.progress());
    }

    private TrainReport train() {
        Optional<TrainingState> begun = run.begun();
        Documents documents = run.documents();
        if (begun.isEmpty()) {
            prepare(documents);
        }
        int before = Math.toIntExact(begun.map(TrainingState::done).orElse(0L));
        SortedMap<String, byte[]> tokenizer = checkpoint.tokenizer();
        Tally tally = checkpoint.tally();
        int threads = options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
        Shape shape = new Shape(vocabulary(tokenizer), options.hidden());
        try (Net net = new Net(
                shape, (float) options.dropout(), options.maxNorm(), options.streams(), options.unroll(), threads)) {
            return train(documents, before, begun, tokenizer, tally, net);
        }
    }

    private void prepare(Documents documents) {
        run.folder().clear();
        run.folder().delete(ModelFiles.ALL);
        Preparation preparation = new Preparation(context, options);
        SortedMap<String, byte[]> tokenizer = given.isEmpty() ? preparation.trained(documents) : given;
        checkpoint.write(tokenizer);
        checkpoint.write(preparation.encode(documents, json(tokenizer), checkpoint.corpus()));
        run.endPhase("prepare");
        run.keep(0, List.of());
    }

    private static byte[] json(SortedMap<String, byte[]> tokenizer) {
        return Objects.requireNonNull(tokenizer.get(TokenizerFiles.TOKENIZER));
    }

    private static int vocabulary(SortedMap<String, byte[]> tokenizer) {
        try (Tokenizer opened = TokenizerBytes.open(json(tokenizer))) {
            return opened.vocabularySize();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the tokenizer of the training", e);
        }
    }

    private TrainReport train(
            Documents documents,
            int before,
            Optional<TrainingState> begun,
            SortedMap<String, byte[]> tokenizer,
            Tally tally,
            Net net) {
        int steps = steps(tally);
        Corpus corpus = checkpoint.corpus(false, options.seed());
        HeldOut heldOut = new HeldOut(checkpoint.corpus(true, options.seed()), options.streams());
        Training training = new Training(
                options,
                net,
                corpus,
                tally.get(Tally.DOCUMENTS),
                steps,
                heldOut,
                context.progress(),
                begun.map(TrainingState::curve).orElse(List.of()),
                run.seconds(TRAIN));
        context.progress().started("train: language models", "tokens");
        training.run(before, streams -> begin(before, net, streams), (done, streams, taken, curve) -> {
            checkpoint.save(done, net, streams, taken);
            run.endPhase(TRAIN);
            run.keep(done, curve);
            checkpoint.forget(Math.max(0, done - 1) / options.checkpointSteps() * options.checkpointSteps());
        });
        Losses losses = training.heldOutLoss();
        context.progress().started("train: counting sequences");
        LossSum counted = counted(corpus, heldOut, net.parameters.shape.vocabulary());
        run.endPhase("count");
        context.progress().started("train: mixing layers", "steps");
        MixTraining mixing = new MixTraining(net, options.streams(), options.unroll());
        LayerMix mix = mixing.run(corpus, options.mixSteps(), context.progress());
        run.endPhase("mix");
        context.progress().started("train: writing");
        SortedMap<String, String> hashes =
                ModelFiles.write(run.folder(), tokenizer, net.parameters, mix, options, training.curve());
        return run.finish(
                documents,
                counts(tally, net, steps),
                tally.rejected(),
                hashes,
                story(tally, before, steps, losses, counted, mix, mixing.steps(), training.curve()),
                training.curve());
    }

    private long begin(int before, Net net, Streams streams) {
        if (before > 0) {
            return checkpoint.load(before, net, streams);
        }
        net.parameters.initialise(options.seed());
        return 0;
    }

    private int steps(Tally tally) {
        long perStep = (long) options.streams() * options.unroll();
        return options.steps() > 0
                ? options.steps()
                : Math.toIntExact((tally.get(Tally.TOKENS) * options.epochs() + perStep - 1) / perStep);
    }

    /** The loss of a count model on the held-out documents. */
    private static LossSum counted(Corpus corpus, HeldOut heldOut, int vocabulary) {
        NgramModel model = new NgramModel(ORDER, vocabulary);
        if (heldOut.documents.isEmpty()) {
            return LossSum.NONE;
        }
        long left = Math.min(MOST_COUNTED, Runtime.getRuntime().maxMemory() / BYTES_OF_A_COUNTED);
        try (Corpus.Epoch documents = corpus.inOrder()) {
            for (int[] document = documents.next(); document != null && left > 1; document = documents.next()) {
                model.add(Arrays.copyOf(document, (int) Math.min(document.length, left)));
                left -= document.length;
            }
        }
        LossSum loss = LossSum.NONE;
        for (int[] document : heldOut.documents) {
            loss = loss.plus(model.loss(document));
        }
        return loss;
    }

    private SortedMap<String, Long> counts(Tally tally, Net net, int steps) {
        SortedMap<String, Long> counts = tally.counts();
        counts.put(
                "rowsRejected",
                tally.rejected().values().stream().mapToLong(Long::longValue).sum());
        counts.put("pieces", (long) net.parameters.shape.vocabulary());
        counts.put("parameters", net.parameters.shape.size());
        counts.put("dimensions", 2L * options.hidden());
        counts.put("steps", (long) steps);
        return counts;
    }

    private Map<String, String> story(
            Tally tally,
            int before,
            int steps,
            Losses losses,
            LossSum counted,
            LayerMix mix,
            int mixSteps,
            List<CurvePoint> curve) {
        Map<String, String> story = new LinkedHashMap<>();
        story.put(
                "corpus",
                String.format(
                        Locale.ROOT,
                        "%,d sub-words of %,d documents; %,d of %,d more are held out",
                        tally.get(Tally.TOKENS),
                        tally.get(Tally.DOCUMENTS),
                        tally.get(Tally.HELD_TOKENS),
                        tally.get(Tally.HELD_DOCUMENTS)));
        if (before > 0) {
            story.put("resumed", "after step " + before);
        }
        double time = run.seconds(TRAIN);
        story.put(
                "trained",
                String.format(
                        Locale.ROOT,
                        "steps: %,d of %,d sub-words, %,.0f sub-words/s",
                        steps,
                        options.streams() * options.unroll(),
                        time > 0 ? (double) steps * options.streams() * options.unroll() / time : 0));
        story.put(
                "loss",
                String.format(
                        Locale.ROOT,
                        "%.4f at first, %.4f at last; unit: nats per sub-word",
                        curve.get(0).loss(),
                        curve.get(curve.size() - 1).loss()));
        if (losses.ahead().tokens() > 0) {
            story.put(
                    "held out",
                    String.format(
                            Locale.ROOT,
                            "%.4f forward, %.4f backward; a count model of sequences of %d has %.4f on the same %,d sub-words",
                            losses.ahead().mean(),
                            losses.back().mean(),
                            ORDER,
                            counted.mean(),
                            counted.tokens()));
        }
        double[] weights = mix.weights();
        story.put(
                "mix",
                String.format(
                        Locale.ROOT,
                        "embeddings %.3f, first layer %.3f, second layer %.3f, times %.3f; learnt in %d steps",
                        weights[0],
                        weights[1],
                        weights[2],
                        mix.scale(),
                        mixSteps));
        return story;
    }
}
