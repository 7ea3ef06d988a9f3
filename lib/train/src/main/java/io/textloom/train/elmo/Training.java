package io.textloom.train.elmo;

import io.textloom.spark.Progress;
import io.textloom.spark.train.CurvePoint;
import io.textloom.spark.train.TrainElmoOptions;
import io.textloom.tensor.CounterRandom;
import java.util.ArrayList;
import java.util.List;

/**
 * The steps of the language models. Which tokens a step learns, at which rate, and what is dropped in it follow from its number alone, so that a training that was killed goes on to the same bits.
 */
final class Training {
    private static final long REPORT_NANOS = 500_000_000;

    private final TrainElmoOptions options;
    private final Net net;
    private final Corpus corpus;
    private final long documents;
    private final HeldOut heldOut;
    private final Progress progress;
    private final Schedule schedule;
    private final List<CurvePoint> curve;
    private final double secondsBefore;
    private final Chunk ahead;
    private final Chunk back;
    private Losses lastHeldOut = Losses.NONE;

    /**
     * @param documents in the corpus
     * @param curve of earlier runs
     * @param secondsBefore that those took
     */
    Training(
            TrainElmoOptions options,
            Net net,
            Corpus corpus,
            long documents,
            int steps,
            HeldOut heldOut,
            Progress progress,
            List<CurvePoint> curve,
            double secondsBefore) {
        this.options = options;
        this.net = net;
        this.corpus = corpus;
        this.documents = documents;
        this.heldOut = heldOut;
        this.progress = progress;
        this.curve = new ArrayList<>(curve);
        this.secondsBefore = secondsBefore;
        schedule = new Schedule(options.peakRate(), steps);
        ahead = new Chunk(options.streams(), options.unroll());
        back = new Chunk(options.streams(), options.unroll());
    }

    /** Told of every checkpoint. */
    interface Keeper {
        /** @param taken documents that were taken from the corpus */
        void keep(int steps, Streams streams, long taken, List<CurvePoint> curve);
    }

    /** Loads what an earlier run kept. */
    interface Loader {
        /** @return documents that were taken from the corpus */
        long load(Streams streams);
    }

    List<CurvePoint> curve() {
        return List.copyOf(curve);
    }

    /** Of the held-out documents now. */
    Losses heldOutLoss() {
        if (lastHeldOut == Losses.NONE) {
            lastHeldOut = heldOut.loss(net, ahead, back);
        }
        return lastHeldOut;
    }

    /** @param done steps of earlier runs */
    void run(int done, Loader loader, Keeper keeper) {
        Streams streams = new Streams(options.streams());
        long taken = loader.load(streams);
        try (Endless source = new Endless(corpus, documents, taken)) {
            steps(done, streams, source, keeper);
        }
    }

    private void steps(int done, Streams streams, Endless source, Keeper keeper) {
        long tokensPerStep = (long) options.streams() * options.unroll();
        long total = schedule.steps() * tokensPerStep;
        LossSum since = LossSum.NONE;
        int sinceStep = done;
        long start = System.nanoTime();
        long pointStart = start;
        long reported = start;
        for (int step = done; step < schedule.steps(); step++) {
            streams.next(source, ahead, back);
            double rate = schedule.rate(step);
            Losses losses = net.learn(ahead, back, step, rate, CounterRandom.derive(options.seed(), "step", step));
            since = since.plus(losses.ahead()).plus(losses.back());
            if (!Double.isFinite(since.mean())) {
                throw new IllegalStateException("The loss is no number any more in step " + (step + 1)
                        + "; start anew with --mode overwrite and a lower train.peakRate than " + options.peakRate());
            }
            boolean kept = (step + 1) % options.checkpointSteps() == 0 || step + 1 == schedule.steps();
            if (kept) {
                lastHeldOut = heldOut.loss(net, ahead, back);
                curve.add(new CurvePoint(
                        1 + Math.toIntExact(Math.max(0, source.taken() - options.streams()) / documents),
                        (step + 1) * tokensPerStep,
                        rate,
                        since.mean(),
                        lastHeldOut.mean(),
                        (step + 1 - sinceStep) * tokensPerStep / ((System.nanoTime() - pointStart) / 1e9)));
                since = LossSum.NONE;
                sinceStep = step + 1;
                keeper.keep(step + 1, streams, source.taken(), curve());
                pointStart = System.nanoTime();
            }
            long now = System.nanoTime();
            if (kept || now - reported > REPORT_NANOS) {
                reported = now;
                long tokens = (step + 1) * tokensPerStep;
                progress.advanced(new Progress.Snapshot(tokens, total, tokens, secondsBefore + (now - start) / 1e9));
            }
        }
    }
}
