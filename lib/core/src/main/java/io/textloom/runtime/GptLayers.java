package io.textloom.runtime;

import io.textloom.model.GptNeoSpec;
import io.textloom.model.GptSpec;
import io.textloom.model.OpenAiGptSpec;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import java.util.List;

/**
 * The layers of GPT-2, of its forerunner and of GPT-Neo, whatever they attend to. GPT-2 has one product for queries, keys and values and stores
 * weights as [in, out]; GPT-Neo has three without biases, stored as [out, in].
 */
final class GptLayers implements TransformerLayers {
    private final GraphBuilder g;
    private final GptSpec spec;
    private final Weights weights;
    private final Linears linears;
    private final Attention attention;
    private final Norms norms;
    private final boolean first;
    private final boolean neo;

    /** @throws io.textloom.model.ModelException if the weights are another model's */
    GptLayers(GraphBuilder g, GptSpec spec, Weights weights, Linears linears, Attention attention) {
        this.g = g;
        this.spec = spec;
        this.first = spec instanceof OpenAiGptSpec;
        this.neo = spec instanceof GptNeoSpec;
        this.weights = named(spec, weights);
        this.linears = linears;
        this.attention = attention;
        this.norms = Norms.layer(g, this.weights, spec.hidden(), spec.layerNormEpsilon(), true);
    }

    private static Weights named(GptSpec spec, Weights weights) {
        return weights.underPrefix(words(spec instanceof OpenAiGptSpec), "", "transformer.");
    }

    /** The token embeddings, [vocabulary, hidden]. */
    static TensorInfo words(GptSpec spec, Weights weights) {
        return named(spec, weights).get(words(spec instanceof OpenAiGptSpec));
    }

    private static String words(boolean first) {
        return first ? "tokens_embed.weight" : "wte.weight";
    }

    /** The token embeddings, [vocabulary, hidden]. */
    TensorInfo words() {
        return weights.get(words(first)).requireShape(spec.vocabulary(), spec.hidden());
    }

    /**
     * @param ids value [rows, longest]
     * @param places value [rows, longest] or [longest]
     * @return value [rows, longest, hidden]
     */
    String embedded(String ids, String places) {
        String tokens = g.rows(words(), ids);
        TensorInfo positions = weights.get(first ? "positions_embed.weight" : "wpe.weight")
                .requireShape(spec.maxPositions(), spec.hidden());
        return g.op("Add", List.of(tokens, g.rows(positions, places)));
    }

    /** {@link #preNorm}, or {@link #postNorm} for the first GPT. */
    List<String> states(String embedded, int layers) {
        return first ? postNorm(embedded, layers) : preNorm(embedded, layers);
    }

    @Override
    public int count() {
        return spec.layers();
    }

    @Override
    public Norms norms() {
        return norms;
    }

    @Override
    public String attentionNorm(int layer) {
        return "h." + layer + ".ln_1";
    }

    @Override
    public String feedForwardNorm(int layer) {
        return "h." + layer + ".ln_2";
    }

    @Override
    public String lastNorm() {
        return "ln_f";
    }

    @Override
    public String attention(int layer, String input) {
        int h = spec.hidden();
        List<String> parts = neo
                ? List.of("q_proj", "k_proj", "v_proj").stream()
                        .map(name -> product(input, "h." + layer + ".attn.attention." + name, h, h, ""))
                        .toList()
                : g.split(biased(input, "h." + layer + ".attn.c_attn", h, 3 * h), 3);
        String context = attention.attend(layer, parts.get(0), parts.get(1), parts.get(2));
        return product(context, attentionOutput(layer), h, h, "");
    }

    @Override
    public String above(int layer, String tokens) {
        return attention.above(layer, tokens, spec.hidden());
    }

    @Override
    public String attentionBias(int layer) {
        return bias(attentionOutput(layer), spec.hidden());
    }

    @Override
    public String feedForward(int layer, String input) {
        String up = biased(input, "h." + layer + ".mlp.c_fc", spec.hidden(), spec.innerSize());
        String active = ActivationNodes.append(g, spec.activation(), up);
        return product(active, "h." + layer + ".mlp.c_proj", spec.innerSize(), spec.hidden(), "");
    }

    @Override
    public String feedForwardBias(int layer) {
        return bias("h." + layer + ".mlp.c_proj", spec.hidden());
    }

    private String attentionOutput(int layer) {
        return "h." + layer + (neo ? ".attn.attention.out_proj" : ".attn.c_proj");
    }

    private String biased(String input, String name, int in, int out) {
        return product(input, name, in, out, bias(name, out));
    }

    private String product(String input, String name, int in, int out, String bias) {
        TensorInfo weight = weights.get(name + ".weight");
        return neo
                ? linears.linear(input, weight.requireShape(out, in), bias)
                : linears.conv1d(input, weight.requireShape(in, out), bias);
    }

    private String bias(String name, int length) {
        return g.weight(weights.get(name + ".bias").requireShape(length));
    }
}
