package io.textloom.runtime;

import io.textloom.model.LlamaSpec;
import io.textloom.model.Weights;
import io.textloom.tensor.DataType;
import java.nio.file.Path;
import java.util.List;

/** The hidden states of Llama and its kin over whole texts. */
final class LlamaTrunk implements Trunk {
    private final GraphBuilder g;
    private final LlamaSpec spec;
    private final Path weightsFolder;
    private final TokenShape shape;
    private final LlamaLayers layers;

    /** @throws io.textloom.model.ModelException if the weights are another model's */
    LlamaTrunk(GraphBuilder g, LlamaSpec spec, Weights weights, Linears linears, Device device) {
        this.g = g;
        this.spec = spec;
        this.weightsFolder = weights.folder();
        this.shape = new TokenShape(g, EncoderGraph.IDS);
        this.layers =
                new LlamaLayers(g, spec, weights, linears, new SequenceAttention(g, shape, spec::attention, device));
    }

    @Override
    public List<String> hiddenStates(int count) {
        g.input(EncoderGraph.IDS, DataType.INT32, "rows", "longest");
        g.input(EncoderGraph.LENGTHS, DataType.INT32, "rows");
        String embedded = shape.flat(layers.embedded(EncoderGraph.IDS), spec.hidden());
        return layers.preNorm(embedded, count).stream()
                .map(flat -> shape.byRow(flat, spec.hidden()))
                .toList();
    }

    @Override
    public String pooler(String tokens) {
        throw Trunk.noPooler("Llama-like");
    }

    @Override
    public Path weightsFolder() {
        return weightsFolder;
    }
}
