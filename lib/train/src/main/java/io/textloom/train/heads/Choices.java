package io.textloom.train.heads;

import java.util.ArrayList;
import java.util.List;

/** Logits of alternatives that exclude each other, and which was right: what probabilities are measured by. Not safe for concurrent use. */
final class Choices {
    /** Of the expected calibration error. */
    private static final int BINS = 15;

    private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

    private final List<float[]> logits = new ArrayList<>();
    private final List<Integer> right = new ArrayList<>();

    void add(float[] alternatives, int theRight) {
        logits.add(alternatives);
        right.add(theRight);
    }

    int size() {
        return logits.size();
    }

    /** Mean of the negative logarithm of the right ones' probabilities, at a temperature. */
    double loss(double temperature) {
        double sum = 0;
        for (int i = 0; i < size(); i++) {
            sum -= Math.log(Math.max(probabilities(logits.get(i), temperature)[right.get(i)], 1e-300));
        }
        return sum / size();
    }

    double accuracy() {
        int hits = 0;
        for (int i = 0; i < size(); i++) {
            hits += best(logits.get(i)) == right.get(i) ? 1 : 0;
        }
        return (double) hits / size();
    }

    /** How far the probability of the likeliest alternative is from how often that one is right: mean over 15 bins by their rows. Source: Guo et al. 2017. */
    double calibrationError(double temperature) {
        double[] confidence = new double[BINS];
        double[] hits = new double[BINS];
        for (int i = 0; i < size(); i++) {
            int best = best(logits.get(i));
            double p = probabilities(logits.get(i), temperature)[best];
            int bin = Math.min(BINS - 1, (int) (p * BINS));
            confidence[bin] += p;
            hits[bin] += best == right.get(i) ? 1 : 0;
        }
        double error = 0;
        for (int bin = 0; bin < BINS; bin++) {
            error += Math.abs(confidence[bin] - hits[bin]);
        }
        return error / size();
    }

    /** The temperature at which the loss is least, 0.05 to 20. Source: Guo et al. 2017. */
    double temperature() {
        double low = Math.log(0.05);
        double high = Math.log(20);
        for (int i = 0; i < 60; i++) {
            double a = high - GOLDEN * (high - low);
            double b = low + GOLDEN * (high - low);
            if (loss(Math.exp(a)) <= loss(Math.exp(b))) {
                high = b;
            } else {
                low = a;
            }
        }
        return Math.exp((low + high) / 2);
    }

    static int best(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            best = values[i] > values[best] ? i : best;
        }
        return best;
    }

    private static double[] probabilities(float[] logits, double temperature) {
        double max = logits[best(logits)];
        double[] p = new double[logits.length];
        double sum = 0;
        for (int i = 0; i < p.length; i++) {
            p[i] = Math.exp((logits[i] - max) / temperature);
            sum += p[i];
        }
        for (int i = 0; i < p.length; i++) {
            p[i] /= sum;
        }
        return p;
    }
}
