package io.textloom.runtime;

import io.textloom.model.DecoderSpec;
import io.textloom.model.DecoderTrunk;
import io.textloom.model.GptSpec;
import io.textloom.model.LlamaSpec;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Precision;
import java.nio.file.Path;
import java.util.List;

/**
 * A decoder as an ONNX graph over a KV cache: see {@link CachedAttention}.
 *
 * <p>One graph serves prefill (one row, many tokens) and decode (many rows, one token).
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
    /** float [rows]: the natural logarithm of the sum of the logits' exponentials; a token's logit less this is the logarithm of its probability. */
    static final String LOG_SUM = "log_sum";
    /** int64 [rows]: the token of the largest logit, the first of equals. */
    static final String LIKELIEST = "likeliest";

    private final GraphBuilder graph;
    private final DataType compute;
    private final DecoderSpec spec;
    private final Weights weights;
    private final Linears linears;

    private DecoderGraph(DecoderSpec spec, Weights weights, DataType compute, GraphBuilder graph, Linears linears) {
        this.compute = compute;
        this.spec = spec;
        this.weights = weights;
        this.graph = graph;
        this.linears = linears;
    }

    /**
     * An ONNX model.
     *
     * @param weights the folder of its initializers
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Model(byte[] graph, Path weights) {}

    /**
     * @throws io.textloom.model.ModelException if a weight is missing or its shape does not fit the spec
     */
    static Model build(DecoderSpec spec, Weights weights, Precision precision) {
        return switch (precision) {
            case FLOAT32, FLOAT16 -> {
                GraphBuilder g = new GraphBuilder(computeType(precision));
                yield new Model(build(spec, weights, precision, g, new FloatLinears(g)), weights.folder());
            }
            case INT8 -> {
                QuantizedWeights quantized = new QuantizedWeights();
                GraphBuilder g = new GraphBuilder(quantized::copy);
                byte[] graph = build(spec, weights, precision, g, new Int8Linears(g, quantized));
                yield new Model(graph, quantized.write(graph));
            }
            case INT4 -> {
                QuantizedWeights quantized = new QuantizedWeights();
                GraphBuilder g = new GraphBuilder(quantized::copy);
                byte[] graph = build(spec, weights, precision, g, new Int4Linears(g, quantized));
                yield new Model(graph, quantized.write(graph));
            }
        };
    }

    private static byte[] build(
            DecoderSpec spec, Weights weights, Precision precision, GraphBuilder g, Linears linears) {
        DecoderGraph decoder = new DecoderGraph(spec, weights, computeType(precision), g, linears);
        decoder.declare();
        decoder.connect();
        return g.toModel();
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

    /** What a precision adds up in, and keeps keys and values in. */
    static DataType computeType(Precision precision) {
        return precision == Precision.FLOAT16 ? DataType.FLOAT16 : DataType.FLOAT32;
    }

    private void declare() {
        graph.input(INPUT_IDS, DataType.INT64, "rows", "tokens");
        graph.input(POSITION_IDS, DataType.INT64, "rows", "tokens");
        graph.input(LAST_INDEX, DataType.INT64, "rows", 1);
        graph.input(LENGTHS, DataType.INT32, "rows");
        graph.input(TOTAL_LENGTH, DataType.INT32);
        graph.output(LOGITS, DataType.FLOAT32, "rows", spec.vocabularySize());
        graph.output(LOG_SUM, DataType.FLOAT32, "rows");
        graph.output(LIKELIEST, DataType.INT64, "rows");
        for (int i = 0; i < spec.layers(); i++) {
            Object[] cache = {"rows", spec.kvHeads(), "capacity", spec.headSize()};
            graph.input(pastKey(i), compute, cache);
            graph.input(pastValue(i), compute, cache);
            graph.output(presentKey(i), compute, cache);
            graph.output(presentValue(i), compute, cache);
        }
    }

    private void connect() {
        int hidden = spec.trunk().hidden();
        TokenShape shape = new TokenShape(graph, INPUT_IDS);
        Top top = top(spec.trunk(), shape);
        String byRow = shape.byRow(top.states(), hidden);
        // [rows, hidden]: only the wanted token of each row meets the large output matrix
        String last = graph.op("GatherND", List.of(byRow, LAST_INDEX), Attribute.of("batch_dims", 1L));
        TensorInfo head = spec.tiedHead()
                ? top.words()
                : weights.get("lm_head.weight").requireShape(spec.vocabularySize(), hidden);
        graph.nodeInto("", "Identity", List.of(graph.float32(linears.linear(last, head, ""))), List.of(LOGITS));
        choose();
    }

    private Top top(DecoderTrunk trunk, TokenShape shape) {
        CachedAttention attention = new CachedAttention(graph, shape, trunk::attention);
        if (trunk instanceof GptSpec gpt) {
            GptLayers layers = new GptLayers(graph, gpt, weights, linears, attention);
            String embedded = shape.flat(layers.embedded(INPUT_IDS, POSITION_IDS), trunk.hidden());
            return new Top(layers.states(embedded, trunk.layers()).get(trunk.layers()), layers.words());
        }
        LlamaLayers layers = new LlamaLayers(graph, (LlamaSpec) trunk, weights, linears, attention);
        String embedded = shape.flat(layers.embedded(INPUT_IDS), trunk.hidden());
        return new Top(layers.preNorm(embedded, trunk.layers()).get(trunk.layers()), layers.words());
    }

    /** What greedy decoding and log-probabilities need, so that the logits themselves need not leave native memory. */
    private void choose() {
        Attribute last = Attribute.of("axis", -1L);
        Attribute flat = Attribute.of("keepdims", 0L);
        graph.nodeInto("", "ArgMax", List.of(LOGITS), List.of(LIKELIEST), last, flat);
        // LogSoftmax is vectorised, ReduceLogSumExp is not; a Log of all rows at once would round by the row's place
        String axis = graph.constant("log_sum_axis", new long[] {-1}, 1);
        String largest = graph.op("ReduceMax", List.of(LOGITS, axis), flat);
        String best = graph.op("ReduceMax", List.of(graph.op("LogSoftmax", List.of(LOGITS), last), axis), flat);
        graph.nodeInto("", "Sub", List.of(largest, best), List.of(LOG_SUM));
    }

    /** @param states value [tokens, hidden] above the last layer, normalised */
    private record Top(String states, TensorInfo words) {}
}
