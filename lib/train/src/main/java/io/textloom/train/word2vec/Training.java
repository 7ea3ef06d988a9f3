package io.textloom.train.word2vec;

import io.textloom.spark.Progress;
import io.textloom.spark.train.CurvePoint;
import io.textloom.spark.train.TrainWord2VecOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Goes through the corpus, epoch by epoch, on some threads. Which blocks there are, at which rate each is learnt and what is drawn for it depends on its place in the corpus alone, so that one thread gives the same bits each time
 * and several differ only in who was first.
 */
final class Training {
    /** Of the curve, in each epoch. */
    private static final int POINTS = 20;

    private static final long REPORT_NANOS = 500_000_000;

    private final TrainWord2VecOptions options;
    private final Corpus corpus;
    private final long wordsPerEpoch;
    private final int threads;
    private final Progress progress;
    private final List<CurvePoint> curve;
    private long trainedNanos;

    /** @param curve of the epochs that are done; added to */
    Training(
            TrainWord2VecOptions options,
            Corpus corpus,
            long wordsPerEpoch,
            Progress progress,
            List<CurvePoint> curve) {
        this.options = options;
        this.corpus = corpus;
        this.wordsPerEpoch = wordsPerEpoch;
        this.threads = options.threads() == 0 ? Runtime.getRuntime().availableProcessors() : options.threads();
        this.progress = progress;
        this.curve = new ArrayList<>(curve);
    }

    int threads() {
        return threads;
    }

    List<CurvePoint> curve() {
        return List.copyOf(curve);
    }

    /** In {@link #epoch} so far. */
    double seconds() {
        return trainedNanos / 1e9;
    }

    /** @param epoch from 0 */
    void epoch(int epoch, Learner learner) {
        long start = System.nanoTime();
        ExecutorService pool = Executors.newFixedThreadPool(threads, runnable -> {
            Thread thread = new Thread(runnable, "textloom-word2vec");
            thread.setDaemon(true);
            return thread;
        });
        try (Corpus.Blocks blocks = corpus.blocks()) {
            Pass pass = new Pass(epoch, blocks, learner);
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                running.add(pool.submit(pass));
            }
            for (Future<?> one : running) {
                one.get();
            }
            pass.end();
            learner.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot read the encoded corpus", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("The training was interrupted", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("The training failed in epoch " + (epoch + 1) + ": " + e.getCause(), e);
        } finally {
            pool.shutdownNow();
            trainedNanos += System.nanoTime() - start;
        }
    }

    /** One epoch; run by every thread. */
    private final class Pass implements Runnable {
        private final int epoch;
        private final Corpus.Blocks blocks;
        private final Learner learner;
        private long blockCount;
        private long wordsTaken;
        private long wordsDone;
        private BlockLoss sincePoint = BlockLoss.NONE;
        private long wordsAtPoint;
        private final long start = System.nanoTime();
        private long pointStart = start;
        private long reported;
        private double rate;

        Pass(int epoch, Corpus.Blocks blocks, Learner learner) {
            this.epoch = epoch;
            this.blocks = blocks;
            this.learner = learner;
        }

        /** What a block depends on besides its words. */
        private record Place(float rate, long seed) {}

        @Override
        public void run() {
            SentenceBlock block = new SentenceBlock();
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    Place place;
                    synchronized (this) {
                        if (!blocks.next(block)) {
                            return;
                        }
                        place = place();
                        wordsTaken += block.words();
                    }
                    done(block.words(), learner.learn(block, place.rate, place.seed));
                }
            } catch (IOException e) {
                throw new UncheckedIOException("Cannot read the encoded corpus", e);
            }
        }

        private Place place() {
            double share = (epoch * (double) wordsPerEpoch + wordsTaken) / ((double) wordsPerEpoch * options.epochs());
            rate = Math.max(
                    options.minLearningRate(),
                    options.learningRate() - (options.learningRate() - options.minLearningRate()) * share);
            return new Place((float) rate, Draws.seed(options.seed(), epoch, blockCount++));
        }

        private synchronized void done(int words, BlockLoss loss) {
            wordsDone += words;
            sincePoint = sincePoint.plus(loss);
            long now = System.nanoTime();
            if (wordsDone * POINTS / wordsPerEpoch > wordsAtPoint * POINTS / wordsPerEpoch
                    && wordsDone < wordsPerEpoch) {
                point(now);
            }
            if (now - reported > REPORT_NANOS) {
                reported = now;
                progress.advanced(new Progress.Snapshot(
                        epoch * wordsPerEpoch + wordsDone,
                        options.epochs() * wordsPerEpoch,
                        0,
                        (trainedNanos + now - start) / 1e9));
            }
        }

        synchronized void end() {
            if (sincePoint.pairs() > 0) {
                point(System.nanoTime());
            }
        }

        private void point(long now) {
            curve.add(new CurvePoint(
                    epoch + 1,
                    epoch * wordsPerEpoch + wordsDone,
                    rate,
                    sincePoint.mean(),
                    (wordsDone - wordsAtPoint) / Math.max(1e-9, (now - pointStart) / 1e9)));
            sincePoint = BlockLoss.NONE;
            wordsAtPoint = wordsDone;
            pointStart = now;
        }
    }
}
