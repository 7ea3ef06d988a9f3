package io.textloom.runtime;

import io.textloom.model.ModelException;
import io.textloom.model.ModernBertSpec;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import io.textloom.tensor.DataType;
import java.nio.file.Path;
import java.util.List;

/** ModernBERT: pre-norm layers, rotary positions, gated feed-forward parts, and attention within a window in most layers. Source: Warner et al. 2024. */
final class ModernBertTrunk implements Trunk, TransformerLayers {
    private static final String WORDS = "embeddings.tok_embeddings.weight";

    private final GraphBuilder g;
    private final ModernBertSpec spec;
    private final Weights weights;
    private final Linears linears;
    private final Norms norms;
    private final TokenShape shape;
    private final Attention attention;

    /** @throws ModelException if the weights are another model's */
    ModernBertTrunk(GraphBuilder g, ModernBertSpec spec, Weights weights, Linears linears, Device device) {
        this.g = g;
        this.spec = spec;
        this.weights = weights.underPrefix(WORDS, "", "model.");
        this.linears = linears;
        this.norms = Norms.layer(g, this.weights, spec.hidden(), spec.normEps(), spec.normBias());
        this.shape = new TokenShape(g, EncoderGraph.IDS);
        this.attention = new SequenceAttention(g, shape, spec::attention, device);
    }

    @Override
    public List<String> hiddenStates(int layers) {
        g.input(EncoderGraph.IDS, DataType.INT32, "rows", "longest");
        g.input(EncoderGraph.LENGTHS, DataType.INT32, "rows");
        String words = g.weight(weights.get(WORDS).requireShape(spec.vocabulary(), spec.hidden()));
        String embedded = shape.flat(g.op("Gather", List.of(words, EncoderGraph.IDS)), spec.hidden());
        return preNorm(norms.normalized("embeddings.norm", embedded), layers).stream()
                .map(flat -> shape.byRow(flat, spec.hidden()))
                .toList();
    }

    @Override
    public String pooler(String tokens) {
        throw Trunk.noPooler("ModernBERT");
    }

    @Override
    public Path weightsFolder() {
        return weights.folder();
    }

    @Override
    public int count() {
        return spec.layers();
    }

    @Override
    public Norms norms() {
        return norms;
    }

    /** The first layer reads what the embeddings' normalisation gives. */
    @Override
    public String attentionNorm(int layer) {
        return layer == 0 ? "" : "layers." + layer + ".attn_norm";
    }

    @Override
    public String feedForwardNorm(int layer) {
        return "layers." + layer + ".mlp_norm";
    }

    @Override
    public String lastNorm() {
        return "final_norm";
    }

    @Override
    public String attention(int layer, String input) {
        int h = spec.hidden();
        String name = "layers." + layer + ".attn.";
        String together = linears.linear(
                input, matrix(name + "Wqkv", 3 * h, h), spec.attentionBias() ? bias(name + "Wqkv", 3 * h) : "");
        List<String> parts = g.split(together, 3);
        String context = attention.attend(layer, parts.get(0), parts.get(1), parts.get(2));
        return linears.linear(context, matrix(name + "Wo", h, h), "");
    }

    @Override
    public String attentionBias(int layer) {
        return spec.attentionBias() ? bias("layers." + layer + ".attn.Wo", spec.hidden()) : "";
    }

    /** The first half goes through the activation, the second is the gate. */
    @Override
    public String feedForward(int layer, String input) {
        int wide = 2 * spec.intermediate();
        String name = "layers." + layer + ".mlp.";
        String up = linears.linear(
                input, matrix(name + "Wi", wide, spec.hidden()), spec.mlpBias() ? bias(name + "Wi", wide) : "");
        List<String> halves = g.split(up, 2);
        String active = ActivationNodes.append(g, spec.activation(), halves.get(0));
        String gated = g.op("Mul", List.of(active, halves.get(1)));
        return linears.linear(gated, matrix(name + "Wo", spec.hidden(), spec.intermediate()), "");
    }

    @Override
    public String feedForwardBias(int layer) {
        return spec.mlpBias() ? bias("layers." + layer + ".mlp.Wo", spec.hidden()) : "";
    }

    private TensorInfo matrix(String linear, int out, int in) {
        return weights.get(linear + ".weight").requireShape(out, in);
    }

    private String bias(String linear, int length) {
        return g.weight(weights.get(linear + ".bias").requireShape(length));
    }
}
