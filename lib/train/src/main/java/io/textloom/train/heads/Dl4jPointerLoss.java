package io.textloom.train.heads;

import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.IActivation;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.lossfunctions.ILossFunction;

/**
 * Cross-entropy over the items of each example, for every output by itself: the mean over examples and outputs. Labels are as {@link HeadBatch} has them; written to JSON with a net's configuration.
 *
 * <p>Deeplearning4j divides by the number of rows what is not averaged here, so that sums are multiplied by it before.
 */
public final class Dl4jPointerLoss implements ILossFunction {
    private static final long serialVersionUID = 1;

    @Override
    public double computeScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        Groups groups = new Groups(labels, preOutput);
        return groups.loss() * (average ? 1 : groups.rows);
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        Groups groups = new Groups(labels, preOutput);
        return Nd4j.valueArrayOf(new long[] {groups.rows, 1}, groups.loss());
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        return new Groups(labels, preOutput).gradient();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        Groups groups = new Groups(labels, preOutput);
        return new Pair<>(groups.loss() * (average ? 1 : groups.rows), groups.gradient());
    }

    @Override
    public String name() {
        return "pointer";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dl4jPointerLoss;
    }

    @Override
    public int hashCode() {
        return Dl4jPointerLoss.class.hashCode();
    }

    /** The probabilities of a batch's items within their examples. */
    private static final class Groups {
        final int rows;
        private final int outputs;
        private final float[] delta;
        private int examples;
        private double sum;

        Groups(INDArray labels, INDArray preOutput) {
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
}
