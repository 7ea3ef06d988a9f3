package io.textloom.train.heads;

import io.textloom.tensor.HeadFeatures;
import java.util.Objects;
import org.deeplearning4j.nn.conf.graph.GraphVertex;
import org.deeplearning4j.nn.conf.inputs.InputType;
import org.deeplearning4j.nn.conf.memory.LayerMemoryReport;
import org.deeplearning4j.nn.conf.memory.MemoryReport;
import org.deeplearning4j.nn.graph.ComputationGraph;
import org.nd4j.linalg.api.buffer.DataType;
import org.nd4j.linalg.api.ndarray.INDArray;

/** Two vectors to what a head sees of them, as a vertex of Deeplearning4j's graphs; written to JSON with them. */
public final class Dl4jFeatures extends GraphVertex {
    private static final long serialVersionUID = 1;

    private HeadFeatures features = HeadFeatures.PAIR;

    /** For the JSON. */
    public Dl4jFeatures() {}

    Dl4jFeatures(HeadFeatures features) {
        this.features = features;
    }

    public HeadFeatures getFeatures() {
        return features;
    }

    public void setFeatures(HeadFeatures features) {
        this.features = features;
    }

    @Override
    public GraphVertex clone() {
        return new Dl4jFeatures(features);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dl4jFeatures same && same.features == features;
    }

    @Override
    public int hashCode() {
        return Objects.hashCode(features);
    }

    @Override
    public long numParams(boolean backprop) {
        return 0;
    }

    @Override
    public int minVertexInputs() {
        return 2;
    }

    @Override
    public int maxVertexInputs() {
        return 2;
    }

    @Override
    public org.deeplearning4j.nn.graph.vertex.GraphVertex instantiate(
            ComputationGraph graph,
            String name,
            int index,
            INDArray params,
            boolean initializeParams,
            DataType networkDatatype) {
        return new Dl4jFeaturesVertex(graph, name, index, features, networkDatatype);
    }

    @Override
    public InputType getOutputType(int layerIndex, InputType... inputs) {
        return InputType.feedForward(features.parts() * inputs[0].arrayElementsPerExample());
    }

    @Override
    public MemoryReport getMemoryReport(InputType... inputs) {
        return new LayerMemoryReport.Builder("features", Dl4jFeatures.class, inputs[0], getOutputType(0, inputs))
                .standardMemory(0, 0)
                .workingMemory(0, 0, 0, 0)
                .cacheMemory(0, 0)
                .build();
    }
}
