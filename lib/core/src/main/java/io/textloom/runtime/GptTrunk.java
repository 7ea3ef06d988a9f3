package io.textloom.runtime;

import io.textloom.model.GptSpec;
import io.textloom.model.Weights;
import io.textloom.tensor.DataType;
import java.nio.file.Path;
import java.util.List;

/** The hidden states of GPT-2, of its forerunner and of GPT-Neo over whole texts. Sources: Radford et al. 2018 and 2019; Black et al. 2021. */
final class GptTrunk implements Trunk {
    private final GraphBuilder g;
    private final GptSpec spec;
    private final Path weightsFolder;
    private final TokenShape shape;
    private final GptLayers layers;

    /** @throws io.textloom.model.ModelException if the weights are another model's */
    GptTrunk(GraphBuilder g, GptSpec spec, Weights weights, Linears linears, Device device) {
        this.g = g;
        this.spec = spec;
        this.weightsFolder = weights.folder();
        this.shape = new TokenShape(g, EncoderGraph.IDS);
        this.layers =
                new GptLayers(g, spec, weights, linears, new SequenceAttention(g, shape, spec::attention, device));
    }

    @Override
    public List<String> hiddenStates(int count) {
        g.input(EncoderGraph.IDS, DataType.INT32, "rows", "longest");
        g.input(EncoderGraph.LENGTHS, DataType.INT32, "rows");
        String embedded = shape.flat(layers.embedded(EncoderGraph.IDS, shape.places()), spec.hidden());
        return layers.states(embedded, count).stream()
                .map(flat -> shape.byRow(flat, spec.hidden()))
                .toList();
    }

    @Override
    public String pooler(String tokens) {
        throw Trunk.noPooler("GPT");
    }

    @Override
    public Path weightsFolder() {
        return weightsFolder;
    }
}
