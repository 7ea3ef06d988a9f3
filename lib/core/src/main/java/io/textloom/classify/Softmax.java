package io.textloom.classify;

/** Logits to probabilities. */
final class Softmax {
    private Softmax() {}

    /** @param out float[logits.length], overwritten */
    static void of(double[] logits, float[] out) {
        double max = Double.NEGATIVE_INFINITY;
        for (double logit : logits) {
            max = Math.max(max, logit);
        }
        double sum = 0;
        for (double logit : logits) {
            sum += Math.exp(logit - max);
        }
        for (int i = 0; i < logits.length; i++) {
            out[i] = (float) (Math.exp(logits[i] - max) / sum);
        }
    }

    /** Of {@code logits[from, from + n)} into {@code out[to, to + n)}. */
    static void of(float[] logits, int from, int n, float[] out, int to) {
        double max = max(logits, from, n);
        double sum = sumOfPowers(logits, from, n, max);
        for (int i = 0; i < n; i++) {
            out[to + i] = (float) (Math.exp(logits[from + i] - max) / sum);
        }
    }

    static double max(float[] logits, int from, int n) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + n; i++) {
            max = Math.max(max, logits[i]);
        }
        return max;
    }

    static double sumOfPowers(float[] logits, int from, int n, double max) {
        double sum = 0;
        for (int i = from; i < from + n; i++) {
            sum += Math.exp(logits[i] - max);
        }
        return sum;
    }
}
