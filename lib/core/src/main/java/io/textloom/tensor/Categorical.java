package io.textloom.tensor;

import java.util.Arrays;

/**
 * A distribution over ids by weight, cut down and drawn from. Owns scratch memory and is not safe for concurrent use; one object serves many
 * distributions, one after the other.
 */
public final class Categorical {
    /** Weights are summed by so many at a time, so that a draw passes most of them by. */
    private static final int BLOCK = 512;

    private final int[] ids;
    private final double[] weights;
    private final double[] sums;
    private final Nucleus nucleus;
    private int n;
    /** Whether the ids are 0 to n - 1 and {@link #ids} is not filled. */
    private boolean every;

    /** @param mostIds the vocabulary's size */
    public Categorical(int mostIds) {
        ids = new int[mostIds];
        weights = new double[mostIds];
        sums = new double[(mostIds + BLOCK - 1) / BLOCK];
        nucleus = new Nucleus(mostIds);
    }

    /**
     * All of the logits; the weights of those more than 64 below the largest are 0.
     *
     * @param logits changed where they are that low
     * @return false if the logits make no distribution: one is NaN or positive infinity, or none is above negative infinity
     */
    public boolean set(float[] logits, int size) {
        float max = Logits.max(logits, size);
        if (!Float.isFinite(max)) {
            return false;
        }
        Logits.weigh(logits, size, max, weights);
        n = size;
        every = true;
        return Double.isFinite(sum());
    }

    /**
     * The likeliest of the logits.
     *
     * @return false if they make no distribution
     */
    public boolean set(float[] logits, int size, TopK likeliest) {
        n = likeliest.select(logits, size, ids);
        every = false;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            max = Math.max(max, logits[ids[i]]);
        }
        if (!Float.isFinite(max)) {
            return false;
        }
        double largest = max;
        for (int i = 0; i < n; i++) {
            double x = logits[ids[i]] - largest;
            weights[i] = x > Logits.LEAST ? Logits.exp(x) : 0;
        }
        return Double.isFinite(sum());
    }

    /**
     * Top-p: keeps the smallest set of the heaviest whose share reaches p; of equal weights the first.
     *
     * @param p above 0 and below 1
     */
    public void keepShare(double p) {
        double total = sum();
        // what is lighter than this is outside the set, as all that are so light have less than 1 - p together
        int before = n;
        keepFrom(Math.min((1 - p) * total / before * (1 - 1e-6), 1));
        n = nucleus.keep(ids, weights, n, p * total);
    }

    /** Min-p: keeps those at least {@code share} of the heaviest's weight. */
    public void keepRelative(double share) {
        double heaviest = 0;
        for (int i = 0; i < n; i++) {
            if (weights[i] > heaviest) {
                heaviest = weights[i];
            }
        }
        keepFrom(share * heaviest);
    }

    /** The id in whose share of the weights {@code u} in [0, 1) falls, the shares laid end to end in the order of the ids. */
    public int pick(double u) {
        double target = u * sum();
        int blocks = (n + BLOCK - 1) / BLOCK;
        double reached = 0;
        // rounding may leave the target at the very end, which belongs to the last with a weight
        int block = 0;
        double before = 0;
        for (int i = 0; i < blocks && target >= reached; i++) {
            if (sums[i] > 0) {
                block = i;
                before = reached;
                reached += sums[i];
            }
        }
        int last = 0;
        double within = before;
        int to = Math.min(n, (block + 1) * BLOCK);
        for (int i = block * BLOCK; i < to; i++) {
            if (weights[i] > 0) {
                last = i;
                within += weights[i];
                if (target < within) {
                    break;
                }
            }
        }
        return every ? last : ids[last];
    }

    /** @param out overwritten with the probabilities of the ids from 0, double[mostIds] */
    public void probabilities(double[] out) {
        Arrays.fill(out, 0);
        double total = sum();
        for (int i = 0; i < n; i++) {
            out[every ? i : ids[i]] = weights[i] / total;
        }
    }

    /** Keeps the entries of at least this weight, which is above 0. */
    private void keepFrom(double least) {
        int kept = 0;
        for (int i = 0; i < n; i++) {
            double weight = weights[i];
            if (weight >= least) {
                ids[kept] = every ? i : ids[i];
                weights[kept++] = weight;
            }
        }
        n = kept;
        every = false;
    }

    private double sum() {
        double total = 0;
        for (int from = 0; from < n; from += BLOCK) {
            double sum = Logits.sum(weights, from, Math.min(n, from + BLOCK));
            sums[from / BLOCK] = sum;
            total += sum;
        }
        return total;
    }
}
