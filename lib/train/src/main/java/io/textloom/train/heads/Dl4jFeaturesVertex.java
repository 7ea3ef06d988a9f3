package io.textloom.train.heads;

import io.textloom.tensor.HeadFeatures;
import org.deeplearning4j.nn.api.Layer;
import org.deeplearning4j.nn.api.MaskState;
import org.deeplearning4j.nn.gradient.Gradient;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.deeplearning4j.nn.graph.vertex.BaseGraphVertex;
import org.deeplearning4j.nn.graph.vertex.VertexIndices;
import org.deeplearning4j.nn.workspace.ArrayType;
import org.deeplearning4j.nn.workspace.LayerWorkspaceMgr;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.factory.Nd4j;
import org.nd4j.linalg.indexing.NDArrayIndex;
import org.nd4j.linalg.ops.transforms.Transforms;

/** {@link Dl4jFeatures} at work. */
final class Dl4jFeaturesVertex extends BaseGraphVertex {
    private static final long serialVersionUID = 1;

    private final HeadFeatures features;

    Dl4jFeaturesVertex(ComputationGraph graph, String name, int index, HeadFeatures features, DataType type) {
        super(graph, name, index, new VertexIndices[0], new VertexIndices[0], type);
        this.features = features;
    }

    @Override
    public boolean hasLayer() {
        return false;
    }

    @Override
    @SuppressWarnings("NullAway") // by its interface: none
    public Layer getLayer() {
        return null;
    }

    @Override
    public INDArray doForward(boolean training, LayerWorkspaceMgr workspaces) {
        INDArray u = inputs[0];
        INDArray v = inputs[1];
        INDArray product = u.mul(v);
        INDArray all = features == HeadFeatures.PAIR
                ? Nd4j.concat(1, u, v, Transforms.abs(u.sub(v), false), product)
                : Nd4j.concat(1, u, v, product);
        return workspaces.leverageTo(ArrayType.ACTIVATIONS, all);
    }

    @Override
    @SuppressWarnings("NullAway") // by its interface: no gradient of parameters
    public Pair<Gradient, INDArray[]> doBackward(boolean tbptt, LayerWorkspaceMgr workspaces) {
        INDArray u = inputs[0];
        INDArray v = inputs[1];
        INDArray byProduct = part(features.parts() - 1);
        INDArray du = part(0).add(byProduct.mul(v));
        INDArray dv = part(1).add(byProduct.mul(u));
        if (features == HeadFeatures.PAIR) {
            INDArray byDistance = Transforms.sign(u.sub(v), false).muli(part(2));
            du.addi(byDistance);
            dv.subi(byDistance);
        }
        return new Pair<>(null, new INDArray[] {
            workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, du), workspaces.leverageTo(ArrayType.ACTIVATION_GRAD, dv)
        });
    }

    private INDArray part(int number) {
        long n = inputs[0].size(1);
        return epsilon.get(NDArrayIndex.all(), NDArrayIndex.interval(number * n, (number + 1) * n));
    }

    @Override
    public void setBackpropGradientsViewArray(INDArray view) {
        throw new IllegalStateException("features have no parameters");
    }

    @Override
    @SuppressWarnings("NullAway") // by its interface: no mask
    public Pair<INDArray, MaskState> feedForwardMaskArrays(INDArray[] masks, MaskState state, int batch) {
        return new Pair<>(null, state);
    }

    @Override
    public String toString() {
        return "Dl4jFeaturesVertex(" + features + ")";
    }
}
