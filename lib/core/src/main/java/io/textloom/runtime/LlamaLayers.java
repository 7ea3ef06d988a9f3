package io.textloom.runtime;

import io.textloom.model.LlamaSpec;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import java.util.List;

/** The layers of Llama, Mistral, Qwen2 and Qwen3, whatever they attend to. Sources: see {@link LlamaSpec.Family}. */
final class LlamaLayers implements TransformerLayers {
    private static final String WORDS = "embed_tokens.weight";

    private final GraphBuilder g;
    private final LlamaSpec spec;
    private final Weights weights;
    private final Linears linears;
    private final Attention attention;
    private final Norms norms;
    private final Norms headNorms;

    /** @throws io.textloom.model.ModelException if the weights are another model's */
    LlamaLayers(GraphBuilder g, LlamaSpec spec, Weights weights, Linears linears, Attention attention) {
        this.g = g;
        this.spec = spec;
        this.weights = named(weights);
        this.linears = linears;
        this.attention = attention;
        this.norms = Norms.rootMeanSquare(g, this.weights, spec.hidden(), spec.rmsNormEps());
        this.headNorms = Norms.rootMeanSquare(g, this.weights, spec.headSize(), spec.rmsNormEps());
    }

    private static Weights named(Weights weights) {
        return weights.underPrefix(WORDS, "", "model.", "transformer.");
    }

    /** The token embeddings, [vocabulary, hidden]. */
    static TensorInfo words(Weights weights) {
        return named(weights).get(WORDS);
    }

    /** The token embeddings, [vocabulary, hidden]. */
    TensorInfo words() {
        return weights.get(WORDS).requireShape(spec.vocabulary(), spec.hidden());
    }

    /**
     * @param ids value [rows, longest]
     * @return value [rows, longest, hidden]
     */
    String embedded(String ids) {
        return g.rows(words(), ids);
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
        return "layers." + layer + ".input_layernorm";
    }

    @Override
    public String feedForwardNorm(int layer) {
        return "layers." + layer + ".post_attention_layernorm";
    }

    @Override
    public String lastNorm() {
        return "norm";
    }

    @Override
    public String attention(int layer, String input) {
        String name = "layers." + layer + ".self_attn.";
        int width = spec.heads() * spec.headSize();
        int keyWidth = spec.keyHeads() * spec.headSize();
        String query = headsNormed(name + "q_norm", projected(input, name + "q_proj", width), width);
        String key = headsNormed(name + "k_norm", projected(input, name + "k_proj", keyWidth), keyWidth);
        String value = projected(input, name + "v_proj", keyWidth);
        String context = attention.attend(layer, query, key, value);
        return product(context, name + "o_proj", width, spec.hidden(), "");
    }

    @Override
    public String above(int layer, String tokens) {
        return attention.above(layer, tokens, spec.hidden());
    }

    @Override
    public String attentionBias(int layer) {
        return spec.outputBias() ? bias("layers." + layer + ".self_attn.o_proj", spec.hidden()) : "";
    }

    /** One product goes through the activation, the other is its gate. Source: Shazeer 2020. */
    @Override
    public String feedForward(int layer, String input) {
        String name = "layers." + layer + ".mlp.";
        String active = ActivationNodes.append(g, spec.activation(), widened(input, name + "gate_proj"));
        String gated = g.op("Mul", List.of(active, widened(input, name + "up_proj")));
        return product(gated, name + "down_proj", spec.intermediate(), spec.hidden(), "");
    }

    @Override
    public String feedForwardBias(int layer) {
        return spec.mlpBias() ? bias("layers." + layer + ".mlp.down_proj", spec.hidden()) : "";
    }

    private String headsNormed(String norm, String vectors, int width) {
        if (!spec.headNorms()) {
            return vectors;
        }
        String heads = headNorms.normalized(norm, TokenShape.flat(g, vectors, spec.headSize()));
        return TokenShape.flat(g, heads, width);
    }

    private String projected(String input, String name, int width) {
        return product(input, name, spec.hidden(), width, spec.projectionBias() ? bias(name, width) : "");
    }

    private String widened(String input, String name) {
        int width = spec.intermediate();
        return product(input, name, spec.hidden(), width, spec.mlpBias() ? bias(name, width) : "");
    }

    private String product(String input, String name, int in, int out, String bias) {
        return linears.linear(input, weights.get(name + ".weight").requireShape(out, in), bias);
    }

    private String bias(String name, int length) {
        return g.weight(weights.get(name + ".bias").requireShape(length));
    }
}
