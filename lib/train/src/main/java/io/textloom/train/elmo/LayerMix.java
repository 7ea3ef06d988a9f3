package io.textloom.train.elmo;

import java.util.Arrays;

/**
 * How the three layers are mixed: weights that sum to 1 and a scale, learnt by pairs of texts that belong together. Of the vectors of two halves of some texts, each the mean of its tokens, a half must find its other half by the
 * greatest product. Not safe for concurrent use.
 *
 * <p>Source of the mix: Peters et al. 2018 §3.2.
 */
final class LayerMix {
    static final int LAYERS = 3;

    private static final double RATE = 0.05;

    /** Before the softmax; then the logarithm of the scale. */
    private final double[] values = new double[LAYERS + 1];

    private final double[] mean = new double[LAYERS + 1];
    private final double[] square = new double[LAYERS + 1];
    private int step;

    /** Of each layer; they sum to 1. */
    double[] weights() {
        double most = Math.max(values[0], Math.max(values[1], values[2]));
        double[] weights = new double[LAYERS];
        double sum = 0;
        for (int i = 0; i < LAYERS; i++) {
            weights[i] = Math.exp(values[i] - most);
            sum += weights[i];
        }
        for (int i = 0; i < LAYERS; i++) {
            weights[i] /= sum;
        }
        return weights;
    }

    double scale() {
        return Math.exp(values[LAYERS]);
    }

    /**
     * One step of Adam.
     *
     * @param products of the halves: [layer of the first half][layer of the second half][first half * count + second half]
     * @param count texts
     * @return the loss before it; unit: nats per text
     */
    double learn(double[][][] products, int count) {
        double[] gradient = new double[LAYERS + 1];
        double loss = loss(products, count, gradient);
        step++;
        for (int i = 0; i < gradient.length; i++) {
            mean[i] = 0.9 * mean[i] + 0.1 * gradient[i];
            square[i] = 0.999 * square[i] + 0.001 * gradient[i] * gradient[i];
            double first = mean[i] / (1 - Math.pow(0.9, step));
            double second = square[i] / (1 - Math.pow(0.999, step));
            values[i] -= RATE * first / (Math.sqrt(second) + 1e-8);
        }
        return loss;
    }

    /** Changes a value: that of a layer's weight before the softmax, or the logarithm of the scale. */
    void nudge(int value, double by) {
        values[value] += by;
    }

    /** @param gradient added to: of the values before the softmax, and of the scale's logarithm */
    double loss(double[][][] products, int count, double[] gradient) {
        double[] weights = weights();
        double square = scale() * scale();
        double[] ofWeights = new double[LAYERS];
        double[] row = new double[count];
        double loss = 0;
        for (int a = 0; a < count; a++) {
            Arrays.fill(row, 0);
            for (int j = 0; j < LAYERS; j++) {
                for (int k = 0; k < LAYERS; k++) {
                    double factor = square * weights[j] * weights[k];
                    for (int b = 0; b < count; b++) {
                        row[b] += factor * products[j][k][a * count + b];
                    }
                }
            }
            double most = Arrays.stream(row).max().orElseThrow();
            double sum = 0;
            for (double score : row) {
                sum += Math.exp(score - most);
            }
            loss += Math.log(sum) + most - row[a];
            for (int b = 0; b < count; b++) {
                double error = (Math.exp(row[b] - most) / sum - (a == b ? 1 : 0)) / count;
                gradient[LAYERS] += 2 * error * row[b];
                for (int j = 0; j < LAYERS; j++) {
                    for (int k = 0; k < LAYERS; k++) {
                        double product = error * square * products[j][k][a * count + b];
                        ofWeights[j] += product * weights[k];
                        ofWeights[k] += product * weights[j];
                    }
                }
            }
        }
        double common = 0;
        for (int j = 0; j < LAYERS; j++) {
            common += weights[j] * ofWeights[j];
        }
        for (int j = 0; j < LAYERS; j++) {
            gradient[j] += weights[j] * (ofWeights[j] - common);
        }
        return loss / count;
    }
}
