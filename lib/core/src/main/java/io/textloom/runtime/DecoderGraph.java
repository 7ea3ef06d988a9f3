package io.textloom.runtime;

import io.textloom.model.Gpt2Spec;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import java.util.List;

/**
 * GPT-2 as an ONNX graph over a KV cache: see {@link CachedAttention}.
 *
 * <p>One graph serves prefill (one row, many tokens) and decode (many rows, one token). Source: Radford et al. 2019.
 */
final class DecoderGraph {
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

    private DecoderGraph(Gpt2Spec spec) {
        this.spec = spec;
    }

    /** @throws io.textloom.model.ModelException if a weight is missing or its shape does not fit the spec */
    static byte[] build(Gpt2Spec spec, Weights weights) {
        DecoderGraph gpt = new DecoderGraph(spec);
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

    private void connect(Weights weights) {
        int hidden = spec.hiddenSize();
        Linears linears = new FloatLinears(graph);
        TokenShape shape = new TokenShape(graph, INPUT_IDS);
        GptLayers layers =
                new GptLayers(graph, spec, weights, linears, new CachedAttention(graph, shape, spec::attention));
        String embedded = shape.flat(layers.embedded(INPUT_IDS, POSITION_IDS), hidden);
        List<String> states = layers.states(embedded, spec.layers());
        String normed = shape.byRow(states.get(spec.layers()), hidden);
        // [rows, hidden]: only the wanted token of each row meets the large output matrix
        String last = graph.op("GatherND", List.of(normed, LAST_INDEX), Attribute.of("batch_dims", 1L));
        TensorInfo head = spec.tiedHead()
                ? layers.words()
                : weights.get("lm_head.weight").requireShape(spec.vocabularySize(), hidden);
        graph.nodeInto("", "Identity", List.of(linears.linear(last, head, "")), List.of(LOGITS));
        graph.nodeInto("", "LogSoftmax", List.of(LOGITS), List.of(LOG_PROBABILITIES), Attribute.of("axis", -1L));
    }
}
