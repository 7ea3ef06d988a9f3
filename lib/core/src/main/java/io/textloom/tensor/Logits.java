package io.textloom.tensor;

import java.util.Arrays;

/** Sampling maths on flat arrays. None of these methods allocates. */
public final class Logits {
    /** Weights below e^-40 of the largest count as zero: together they are less than 1e-12 of any vocabulary. */
    private static final double NEGLIGIBLE = -40;

    private static final int STEP_BITS = 5;
    private static final int STEPS = 1 << STEP_BITS;
    private static final double STEPS_PER_LN2 = 0x1.71547652b82fep5;
    /** ln 2 / 32, the first 32 bits and the rest. */
    private static final double LN2_STEP_HIGH = 0x1.62e42feep-6;

    private static final double LN2_STEP_LOW = 0x1.a39ef35793c76p-38;
    /** 2^(i/32) */
    private static final double[] ROOTS = roots();
    /** Adding and subtracting it rounds a double of less than 2^51 to a whole number. */
    private static final double ROUND = 0x1.8p52;

    private Logits() {}

    private static double[] roots() {
        double[] roots = new double[STEPS];
        for (int i = 0; i < STEPS; i++) {
            roots[i] = StrictMath.pow(2, (double) i / STEPS);
        }
        return roots;
    }

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
                sink(heap, k);
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
        double inverse = Math.min(1 / temperature, Double.MAX_VALUE);
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

    /** e^x for x from -700 to 0, within 2 units in the last place; the same bits on every machine, unlike {@link Math#exp}. */
    static double exp(double x) {
        // x = (k / STEPS) ln 2 + r, with |r| below ln 2 / 64
        double k = (x * STEPS_PER_LN2 + ROUND) - ROUND;
        double r = (x - k * LN2_STEP_HIGH) - k * LN2_STEP_LOW;
        double r2 = r * r;
        double tail = r + r2 * ((0.5 + r * (1.0 / 6)) + r2 * ((1.0 / 24 + r * (1.0 / 120)) + r2 * (1.0 / 720)));
        int whole = (int) k;
        double root = ROOTS[whole & (STEPS - 1)];
        return (root + root * tail) * Double.longBitsToDouble((long) ((whole >> STEP_BITS) + 1023) << 52);
    }

    private static double sum(double[] weights, int n) {
        double total = 0;
        for (int i = 0; i < n; i++) {
            total += weights[i];
        }
        return total;
    }

    private static void sink(float[] heap, int n) {
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
}
