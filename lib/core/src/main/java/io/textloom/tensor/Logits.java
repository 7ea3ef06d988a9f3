package io.textloom.tensor;

/**
 * Arithmetic on logits. None of these methods allocates, and each gives the same bits on every machine: sums have a fixed order, and
 * exponentials are made of multiplications and additions, which the compiler turns into vector instructions.
 */
public final class Logits {
    /** Least argument of {@link #exp}; e^-64 of the largest weight counts as zero. */
    static final float LEAST = -64;

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

    /** The largest value; negative infinity if there is no number among them. */
    public static float max(float[] values, int n) {
        float max = Float.NEGATIVE_INFINITY;
        for (int i = 0; i < n; i++) {
            if (values[i] > max) {
                max = values[i];
            }
        }
        return max;
    }

    /**
     * Softmax weights {@code exp(logit - max)}; e^-64 is taken from each, so that those below it, negative infinity's too, are exactly 0.
     *
     * @param logits values below {@code max - 64} are overwritten with it
     * @param max the largest of them, finite
     * @param weights overwritten; double[n]; NaN where the logit is
     */
    public static void weigh(float[] logits, int n, float max, double[] weights) {
        float floor = max + LEAST;
        for (int i = 0; i < n; i++) {
            logits[i] = Math.max(logits[i], floor);
        }
        double largest = max;
        for (int i = 0; i < n; i++) {
            weights[i] = logits[i] - largest;
        }
        double none = exp(floor - largest);
        for (int i = 0; i < n; i++) {
            weights[i] = Math.max(exp(weights[i]) - none, 0);
        }
    }

    /**
     * Logarithm of the sum of the exponentials.
     *
     * @param scratch overwritten; double[n]
     * @return not a finite number if a logit is NaN or positive infinity, or all are negative infinity
     */
    public static double logSumExp(float[] logits, int n, double[] scratch) {
        float max = max(logits, n);
        if (!Float.isFinite(max)) {
            return Double.NaN;
        }
        double largest = max;
        for (int i = 0; i < n; i++) {
            scratch[i] = logits[i] - largest;
        }
        for (int i = 0; i < n; i++) {
            scratch[i] = exp(Math.max(scratch[i], LEAST));
        }
        return max + StrictMath.log(sum(scratch, 0, n));
    }

    /** The sum of {@code values[from, to)}, in eight interleaved parts. */
    static double sum(double[] values, int from, int to) {
        double a = 0;
        double b = 0;
        double c = 0;
        double d = 0;
        double e = 0;
        double f = 0;
        double g = 0;
        double h = 0;
        int i = from;
        for (; i + 8 <= to; i += 8) {
            a += values[i];
            b += values[i + 1];
            c += values[i + 2];
            d += values[i + 3];
            e += values[i + 4];
            f += values[i + 5];
            g += values[i + 6];
            h += values[i + 7];
        }
        for (; i < to; i++) {
            a += values[i];
        }
        return ((a + b) + (c + d)) + ((e + f) + (g + h));
    }

    /**
     * e^x for x from -64 to 0, to a relative 1e-11: Taylor's polynomial of x / 1024, squared ten times. Unlike {@link Math#exp} it has the
     * same bits on every machine.
     */
    static double exp(double x) {
        double y = x * 0x1p-10;
        double y2 = y * y;
        double e = (1 + y)
                + y2 * (0.5 + y * (1.0 / 6))
                + (y2 * y2) * ((1.0 / 24 + y * (1.0 / 120)) + y2 * (1.0 / 720 + y * (1.0 / 5040)));
        e *= e;
        e *= e;
        e *= e;
        e *= e;
        e *= e;
        e *= e;
        e *= e;
        e *= e;
        e *= e;
        return e * e;
    }
}
