package io.textloom.train.word2vec;

import io.textloom.spark.train.TrainWord2VecOptions;
import io.textloom.spark.train.WordObjective;
import java.util.Arrays;

/**
 * Skip-gram and CBOW with negative sampling, in loops that the virtual machine makes vector instructions of.
 *
 * <p>Source: Mikolov et al. 2013, both papers; where they leave things open, the released word2vec: every place draws its reach, words are thinned out before windows are taken, the context words of
 * a place foretell it one by one (skip-gram) or by their mean (CBOW).
 */
final class TextloomLearner implements Learner {
    /** The loss of one place in so many is looked at. */
    private static final int LOSS_EVERY = 32;

    private final VectorTable table;
    private final WordObjective objective;
    private final int window;
    private final int negative;
    private final Noise noise;
    private final Thinning thinning;

    TextloomLearner(VectorTable table, long[] counts, TrainWord2VecOptions options) {
        this.table = table;
        objective = options.objective();
        window = options.window();
        negative = options.negative();
        noise = new Noise(counts);
        thinning = new Thinning(counts, options.sample());
    }

    @Override
    public BlockLoss learn(SentenceBlock block, float rate, long seed) {
        return new Pass(rate, seed).learn(block);
    }

    /** The table is what is learnt on. */
    @Override
    public void flush() {}

    @Override
    public void close() {}

    /** One thread's way through one block. */
    private final class Pass {
        private final int d = table.dimensions;
        private final float[] input = table.input;
        private final float rate;
        private final Draws draws;
        private final float[] context = new float[d];
        private final float[] step = new float[d];
        private int[] kept = new int[1 << 10];
        private int places;
        private double loss;
        private long pairs;

        Pass(float rate, long seed) {
            this.rate = rate;
            this.draws = new Draws(seed);
        }

        BlockLoss learn(SentenceBlock block) {
            for (int s = 0; s < block.size(); s++) {
                int length = block.end(s) - block.start(s);
                if (kept.length < length) {
                    kept = new int[length];
                }
                int size = thinning.thin(block.ids(), block.start(s), block.end(s), draws, kept);
                for (int i = 0; i < size; i++) {
                    int reach = 1 + draws.below(window);
                    int from = Math.max(0, i - reach);
                    int to = Math.min(size, i + reach + 1);
                    boolean measured = places++ % LOSS_EVERY == 0;
                    if (objective == WordObjective.SKIP_GRAM) {
                        for (int j = from; j < to; j++) {
                            if (j != i) {
                                skip(kept[j], kept[i], measured);
                            }
                        }
                    } else if (to - from > 1) {
                        bag(i, from, to, measured);
                    }
                }
            }
            return new BlockLoss(loss, pairs);
        }

        private void skip(int near, int word, boolean measured) {
            int at = near * d;
            System.arraycopy(input, at, context, 0, d);
            foretell(word, measured);
            Floats.add(step, 0, input, at, d);
        }

        private void bag(int place, int from, int to, boolean measured) {
            Arrays.fill(context, 0);
            for (int j = from; j < to; j++) {
                if (j != place) {
                    Floats.add(input, kept[j] * d, context, 0, d);
                }
            }
            Floats.scale(1f / (to - from - 1), context, d);
            foretell(kept[place], measured);
            for (int j = from; j < to; j++) {
                if (j != place) {
                    Floats.add(step, 0, input, kept[j] * d, d);
                }
            }
        }

        /** Steps of the weights, and of what the context is made of. */
        private void foretell(int word, boolean measured) {
            Arrays.fill(step, 0);
            float x = against(word, 1);
            loss += measured ? Sigmoid.negativeLog(x) : 0;
            for (int n = 0; n < negative; n++) {
                int other = noise.draw(draws.next());
                if (other != word) {
                    x = against(other, 0);
                    loss += measured ? Sigmoid.negativeLog(-x) : 0;
                }
            }
            pairs += measured ? 1 : 0;
        }

        /** @return the logit before the step */
        private float against(int word, int label) {
            int at = word * d;
            float x = Floats.dot(context, table.output, at, d);
            float g = (label - Sigmoid.of(x)) * rate;
            Floats.exchange(g, table.output, at, context, step, d);
            return x;
        }
    }
}
