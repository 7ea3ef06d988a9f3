package io.textloom.train.heads;

import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;

/** The probabilities of a batch's items within their examples. */
final class Dl4jGroups {
    private final int rows;
    private final int outputs;
    private final float[] delta;
    private int examples;
    private double sum;

    Dl4jGroups(INDArray labels, INDArray preOutput) {
        rows = Math.toIntExact(preOutput.size(0));
        outputs = Math.toIntExact(preOutput.size(1));
        float[] marks = flat(labels);
        delta = flat(preOutput);
        for (int from = 0; from < rows; ) {
            int example = (int) marks[from * outputs] / 2;
            int to = from + 1;
            while (to < rows && (int) marks[to * outputs] / 2 == example) {
                to++;
            }
            for (int k = 0; k < outputs; k++) {
                add(marks, from, to, k);
            }
            examples++;
            from = to;
        }
    }

    private static float[] flat(INDArray values) {
        return values.dup('c').data().asFloat();
    }

    /** Scores become probabilities less what is right. */
    private void add(float[] marks, int from, int to, int k) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < to; i++) {
            max = Math.max(max, delta[i * outputs + k]);
        }
        double all = 0;
        for (int i = from; i < to; i++) {
            all += Math.exp(delta[i * outputs + k] - max);
        }
        for (int i = from; i < to; i++) {
            double p = Math.exp(delta[i * outputs + k] - max) / all;
            boolean right = (int) marks[i * outputs + k] % 2 == 1;
            if (right) {
                sum -= delta[i * outputs + k] - max - Math.log(all);
            }
            delta[i * outputs + k] = (float) (right ? p - 1 : p);
        }
    }

    int rows() {
        return rows;
    }

    double loss() {
        return sum / ((double) examples * outputs);
    }

    INDArray gradient() {
        float scale = (float) rows / ((float) examples * outputs);
        for (int i = 0; i < delta.length; i++) {
            delta[i] *= scale;
        }
        return Nd4j.createFromArray(delta).reshape('c', rows, outputs);
    }
}
