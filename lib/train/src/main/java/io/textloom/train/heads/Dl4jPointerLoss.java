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
        Dl4jGroups groups = new Dl4jGroups(labels, preOutput);
        return groups.loss() * (average ? 1 : groups.rows());
    }

    @Override
    public INDArray computeScoreArray(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        Dl4jGroups groups = new Dl4jGroups(labels, preOutput);
        return Nd4j.valueArrayOf(new long[] {groups.rows(), 1}, groups.loss());
    }

    @Override
    public INDArray computeGradient(INDArray labels, INDArray preOutput, IActivation activation, INDArray mask) {
        return new Dl4jGroups(labels, preOutput).gradient();
    }

    @Override
    public Pair<Double, INDArray> computeGradientAndScore(
            INDArray labels, INDArray preOutput, IActivation activation, INDArray mask, boolean average) {
        Dl4jGroups groups = new Dl4jGroups(labels, preOutput);
        return new Pair<>(groups.loss() * (average ? 1 : groups.rows()), groups.gradient());
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
}
