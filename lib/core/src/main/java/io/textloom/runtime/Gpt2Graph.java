package io.textloom.runtime;

import io.textloom.model.Gpt2Spec;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import java.util.List;

/**
 * GPT-2 as an ONNX graph over a KV cache that is updated in place.
 *
 * <p>One graph serves prefill (one row, many tokens) and decode (many rows, one token). Past and present of a layer are bound to the same
 * buffer {@code [rows, heads, capacity, headSize]}; GroupQueryAttention writes the new keys and values at each row's length and attends to
 * what is before. Sources: Radford et al. 2019; ONNX Runtime contrib operators.
 */
final class Gpt2Graph {
    /** int64 [rows, tokens] */
    static final String INPUT_IDS = "input_ids";
    /** int64 [rows, tokens] */
    static final String POSITION_IDS = "position_ids";
    /** int64 [rows, 1]: which token's logits are wanted. */
    static final String LAST_INDEX = "last_idx";
    /** int32 [rows]: tokens in the cache after the call, less one. */
    static final String LENGTHS = "seqlens_k";
    /** int32 scalar: the largest of the lengths after the call. */
    static final String TOTAL_LENGTH = "total_len";
    /** float [rows, vocabulary] */
    static final String LOGITS = "logits";
    /** float [rows, vocabulary]: natural logarithms of the probabilities. */
    static final String LOG_PROBABILITIES = "log_probs";

    private final GraphBuilder graph = new GraphBuilder();
    private final Gpt2Spec spec;
    private final Weights weights;
    private final long hidden;
    private int sums;

    private Gpt2Graph(Gpt2Spec spec, Weights weights) {
        this.spec = spec;
        this.weights = weights.underPrefix("wte.weight", "", "transformer.");
        this.hidden = spec.hiddenSize();
    }

    /** @throws io.textloom.model.ModelException if a weight is missing or its shape does not fit the spec */
    static byte[] build(Gpt2Spec spec, Weights weights) {
        Gpt2Graph gpt = new Gpt2Graph(spec, weights);
        gpt.declare();
        gpt.connect(weights);
        return gpt.graph.toModel();
    }

    static String pastKey(int layer) {
        return "past_k_" + layer;
    }

    static String pastValue(int layer) {
        return "past_v_" + layer;
    }

    static String presentKey(int layer) {
        return "present_k_" + layer;
    }

    static String presentValue(int layer) {
        return "present_v_" + layer;
    }

    private void declare() {
        graph.input(INPUT_IDS, DataType.INT64, "rows", "tokens");
        graph.input(POSITION_IDS, DataType.INT64, "rows", "tokens");
        graph.input(LAST_INDEX, DataType.INT64, "rows", 1);
        graph.input(LENGTHS, DataType.INT32, "rows");
        graph.input(TOTAL_LENGTH, DataType.INT32);
        graph.output(LOGITS, DataType.FLOAT32, "rows", spec.vocabularySize());
        graph.output(LOG_PROBABILITIES, DataType.FLOAT32, "rows", spec.vocabularySize());
        for (int i = 0; i < spec.layers(); i++) {
            Object[] cache = {"rows", spec.heads(), "capacity", spec.headSize()};
            graph.input(pastKey(i), DataType.FLOAT32, cache);
            graph.input(pastValue(i), DataType.FLOAT32, cache);
            graph.output(presentKey(i), DataType.FLOAT32, cache);
            graph.output(presentValue(i), DataType.FLOAT32, cache);
        }
    }

    private void connect(Weights unprefixed) {
        String tokenEmbeddings = weight("wte.weight", spec.vocabularySize(), hidden);
        String positionEmbeddings = weight("wpe.weight", spec.positions(), hidden);
        // [rows, tokens, hidden]
        String residual = graph.op(
                "Add",
                List.of(
                        graph.op("Gather", List.of(tokenEmbeddings, INPUT_IDS)),
                        graph.op("Gather", List.of(positionEmbeddings, POSITION_IDS))));
        String normed = graph.op(
                "LayerNormalization",
                List.of(residual, normWeight("h.0.ln_1"), normBias("h.0.ln_1")),
                Attribute.of("axis", -1),
                epsilon());
        for (int i = 0; i < spec.layers(); i++) {
            String h = "h." + i + ".";
            String attended = attention(i, normed);
            List<String> afterAttention = addAndNormalize(attended, residual, h + "ln_2", h + "attn.c_proj.bias");
            String fed = feedForward(i, afterAttention.get(0));
            String nextNorm = i + 1 < spec.layers() ? "h." + (i + 1) + ".ln_1" : "ln_f";
            List<String> afterFeed = addAndNormalize(fed, afterAttention.get(1), nextNorm, h + "mlp.c_proj.bias");
            normed = afterFeed.get(0);
            residual = afterFeed.get(1);
        }
        // [rows, hidden]: only the wanted token of each row meets the large output matrix
        String last = graph.op("GatherND", List.of(normed, LAST_INDEX), Attribute.of("batch_dims", 1));
        graph.nodeInto(
                GraphBuilder.CONTRIB,
                "FusedMatMul",
                List.of(last, head(unprefixed, tokenEmbeddings)),
                List.of(LOGITS),
                Attribute.of("transB", 1));
        graph.nodeInto("", "LogSoftmax", List.of(LOGITS), List.of(LOG_PROBABILITIES), Attribute.of("axis", -1));
    }

    /** Self-attention up to the output projection, whose bias the caller adds. */
    private String attention(int layer, String normed) {
        String h = "h." + layer + ".attn.";
        String qkv = graph.op(
                "Add",
                List.of(
                        graph.op("MatMul", List.of(normed, weight(h + "c_attn.weight", hidden, 3 * hidden))),
                        weight(h + "c_attn.bias", 3 * hidden)));
        String attended = "attention_" + layer;
        graph.nodeInto(
                GraphBuilder.CONTRIB,
                "GroupQueryAttention",
                List.of(qkv, "", "", pastKey(layer), pastValue(layer), LENGTHS, TOTAL_LENGTH),
                List.of(attended, presentKey(layer), presentValue(layer)),
                Attribute.of("num_heads", spec.heads()),
                Attribute.of("kv_num_heads", spec.heads()),
                Attribute.of("scale", spec.attentionScale(layer)));
        return graph.op("MatMul", List.of(attended, weight(h + "c_proj.weight", hidden, hidden)));
    }

    /** The feed-forward layer up to its output projection, whose bias the caller adds. */
    private String feedForward(int layer, String normed) {
        String h = "h." + layer + ".mlp.";
        long inner = spec.innerSize();
        String widened = graph.op("MatMul", List.of(normed, weight(h + "c_fc.weight", hidden, inner)));
        String activated = graph.contrib("FastGelu", List.of(widened, weight(h + "c_fc.bias", inner)));
        return graph.op("MatMul", List.of(activated, weight(h + "c_proj.weight", inner, hidden)));
    }

    /** Returns the normalised sum and the sum itself. */
    private List<String> addAndNormalize(String x, String residual, String norm, String bias) {
        int node = sums++;
        List<String> outputs = List.of("normed_" + node, "", "", "residual_" + node);
        graph.nodeInto(
                GraphBuilder.CONTRIB,
                "SkipLayerNormalization",
                List.of(x, residual, normWeight(norm), normBias(norm), weight(bias, hidden)),
                outputs,
                epsilon());
        return List.of(outputs.get(0), outputs.get(3));
    }

    /** The output matrix [vocabulary, hidden]: its own where the folder has one and the config does not tie it. */
    private String head(Weights unprefixed, String tokenEmbeddings) {
        if (spec.tiedHead()) {
            return tokenEmbeddings;
        }
        TensorInfo own = unprefixed.get("lm_head.weight").requireShape(spec.vocabularySize(), hidden);
        return graph.weight(own);
    }

    private String normWeight(String norm) {
        return weight(norm + ".weight", hidden);
    }

    private String normBias(String norm) {
        return weight(norm + ".bias", hidden);
    }

    private String weight(String name, long... shape) {
        return graph.weight(weights.get(name).requireShape(shape));
    }

    private Attribute epsilon() {
        return Attribute.of("epsilon", spec.layerNormEpsilon());
    }
}
