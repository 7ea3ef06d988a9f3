package io.textloom.tensor;

import java.util.Arrays;

/** Sampling maths on flat arrays. None of these methods allocates. */
public final class Logits {
    /** Weights below e^-40 of the largest count as zero: together they are less than 1e-12 of any vocabulary. */
    private static final double NEGLIGIBLE = -40;

    private static final double LOG2_E = 1 / Math.log(2);
    private static final double LN2_HIGH = 0x1.62e42feep-1;
    private static final double LN2_LOW = 0x1.a39ef35793c76p-33;
    /** Adding and subtracting it rounds a double of less than 2^51 to a whole number. */
    private static final double ROUND = 0x1.8p52;

    private Logits() {}

    /** Index of the largest value, the first of equals; 0 if there is no number among them. */
    public static int argmax(float[] values, int n) {
        int best = 0;
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            if (values[i] > max) {
                max = values[i];
                best = i;
            }
        }
        return best;
    }

    /**
     * The k-th largest of {@code values[0, n)}, equals counted each.
     *
     * @param k from 1 to n
     * @param heap scratch float[k] or longer, overwritten
     */
    public static float kthLargest(float[] values, int n, int k, float[] heap) {
        System.arraycopy(values, 0, heap, 0, k);
        Arrays.sort(heap, 0, k);
        for (int i = k; i < n; i++) {
            if (values[i] > heap[0]) {
                heap[0] = values[i];
                sinkSmallest(heap, k);
            }
        }
        return heap[0];
    }

    /**
     * Softmax weights {@code exp((logit - max) / temperature)} of the logits that are at least {@code least}, in the order of their ids.
     *
     * @param ids overwritten with the ids that have a weight; int[n]
     * @param weights overwritten with their weights, not normalised; double[n]
     * @return how many have a weight
     */
    public static int weigh(float[] logits, int n, float least, double temperature, int[] ids, double[] weights) {
        float max = logits[argmax(logits, n)];
        double inverse = 1 / temperature;
        int kept = 0;
        for (int i = 0; i < n; i++) {
            if (logits[i] >= least) {
                double x = ((double) logits[i] - max) * inverse;
                if (x >= NEGLIGIBLE) {
                    ids[kept] = i;
                    weights[kept++] = exp(x);
                }
            }
        }
        return kept;
    }

    /**
     * Keeps the smallest set of entries, heaviest first, whose weight reaches the share {@code p} of the whole; of equal weights the first.
     * What stays keeps its order.
     *
     * @param scratch double[n] or longer, overwritten
     * @return how many stay, at least 1 if n is
     */
    public static int nucleus(int[] ids, double[] weights, int n, double p, double[] scratch) {
        double total = sum(weights, n);
        // entries below this weigh less than 1 - p together, so the set never reaches them
        double least = (1 - p) * total / n;
        int candidates = 0;
        for (int i = 0; i < n; i++) {
            if (weights[i] >= least) {
                scratch[candidates++] = weights[i];
            }
        }
        for (int i = candidates / 2 - 1; i >= 0; i--) {
            sinkLargest(scratch, i, candidates);
        }
        double reached = 0;
        double last = Double.POSITIVE_INFINITY;
        int equalToLast = 0;
        while (candidates > 0 && reached < p * total) {
            double heaviest = scratch[0];
            scratch[0] = scratch[--candidates];
            sinkLargest(scratch, 0, candidates);
            reached += heaviest;
            equalToLast = heaviest == last ? equalToLast + 1 : 1;
            last = heaviest;
        }
        int kept = 0;
        for (int i = 0; i < n; i++) {
            boolean stays = weights[i] > last || (weights[i] == last && equalToLast-- > 0);
            if (stays) {
                ids[kept] = ids[i];
                weights[kept++] = weights[i];
            }
        }
        return kept;
    }

    /** The id in whose share of the weights {@code u} in [0, 1) falls, the shares laid end to end. */
    public static int pick(int[] ids, double[] weights, int n, double u) {
        double target = u * sum(weights, n);
        double reached = 0;
        for (int i = 0; i < n - 1; i++) {
            reached += weights[i];
            if (target < reached) {
                return ids[i];
            }
        }
        return ids[n - 1];
    }

    /**
     * e^x for x from -700 to 0, within 4 units in the last place; the same bits on every machine, unlike {@link Math#exp}.
     */
    static double exp(double x) {
        double k = (x * LOG2_E + ROUND) - ROUND;
        double r = (x - k * LN2_HIGH) - k * LN2_LOW;
        double p = 1.0 / 6227020800.0;
        p = p * r + 1.0 / 479001600.0;
        p = p * r + 1.0 / 39916800.0;
        p = p * r + 1.0 / 3628800.0;
        p = p * r + 1.0 / 362880.0;
        p = p * r + 1.0 / 40320.0;
        p = p * r + 1.0 / 5040.0;
        p = p * r + 1.0 / 720.0;
        p = p * r + 1.0 / 120.0;
        p = p * r + 1.0 / 24.0;
        p = p * r + 1.0 / 6.0;
        p = p * r + 0.5;
        p = p * r + 1.0;
        p = p * r + 1.0;
        return p * Double.longBitsToDouble(((long) k + 1023) << 52);
    }

    private static double sum(double[] weights, int n) {
        double total = 0;
        for (int i = 0; i < n; i++) {
            total += weights[i];
        }
        return total;
    }

    private static void sinkSmallest(float[] heap, int n) {
        float value = heap[0];
        int i = 0;
        for (int child = 1; child < n; child = 2 * i + 1) {
            if (child + 1 < n && heap[child + 1] < heap[child]) {
                child++;
            }
            if (heap[child] >= value) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = value;
    }

    private static void sinkLargest(double[] heap, int start, int n) {
        if (start >= n) {
            return;
        }
        double value = heap[start];
        int i = start;
        for (int child = 2 * i + 1; child < n; child = 2 * i + 1) {
            if (child + 1 < n && heap[child + 1] > heap[child]) {
                child++;
            }
            if (heap[child] <= value) {
                break;
            }
            heap[i] = heap[child];
            i = child;
        }
        heap[i] = value;
    }
}
