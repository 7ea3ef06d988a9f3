package io.textloom.runtime;

import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import io.textloom.runtime.GraphBuilder.Attribute;
import java.util.List;

/** The normalisations of a model: of mean and variance, or of the mean square alone. Sources: Ba et al. 2016; Zhang and Sennrich 2019. */
final class Norms {
    private final GraphBuilder g;
    private final Weights weights;
    private final int width;
    private final float epsilon;
    private final boolean centred;
    private final boolean biased;

    private Norms(GraphBuilder g, Weights weights, int width, float epsilon, boolean centred, boolean biased) {
        this.g = g;
        this.weights = weights;
        this.width = width;
        this.epsilon = epsilon;
        this.centred = centred;
        this.biased = biased;
    }

    /** @param biased whether each has a bias */
    static Norms layer(GraphBuilder g, Weights weights, int width, float epsilon, boolean biased) {
        return new Norms(g, weights, width, epsilon, true, biased);
    }

    static Norms rootMeanSquare(GraphBuilder g, Weights weights, int width, float epsilon) {
        return new Norms(g, weights, width, epsilon, false, false);
    }

    /** @param vectors value [tokens, width] */
    String normalized(String name, String vectors) {
        return g.op(
                centred ? "LayerNormalization" : "SimplifiedLayerNormalization",
                biased ? List.of(vectors, gain(name), bias(name)) : List.of(vectors, gain(name)),
                Attribute.of("axis", -1L),
                Attribute.of("epsilon", epsilon));
    }

    /**
     * @param vectors value [tokens, width]
     * @param bias value [width] that is added to them; empty for none
     * @param residual value [tokens, width] that is added, too
     */
    Sum sum(String name, String vectors, String bias, String residual) {
        List<String> inputs = centred
                ? List.of(vectors, residual, gain(name), biased ? bias(name) : "", bias)
                : List.of(vectors, residual, gain(name), bias);
        List<String> outputs = g.node(
                GraphBuilder.CONTRIB,
                centred ? "SkipLayerNormalization" : "SkipSimplifiedLayerNormalization",
                inputs,
                4,
                Attribute.of("epsilon", epsilon));
        return new Sum(outputs.get(0), outputs.get(3));
    }

    private String gain(String name) {
        return vector(name + ".weight");
    }

    private String bias(String name) {
        return vector(name + ".bias");
    }

    private String vector(String name) {
        TensorInfo tensor = weights.get(name).requireShape(width);
        return g.weight(tensor);
    }

    /** A sum [tokens, width] and the same normalised. */
    record Sum(String normed, String sum) {}
}
