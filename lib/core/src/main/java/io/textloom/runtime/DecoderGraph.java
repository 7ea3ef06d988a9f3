package io.textloom.runtime;

import io.textloom.model.DecoderSpec;
import io.textloom.model.DecoderTrunk;
import io.textloom.model.GptSpec;
import io.textloom.model.LlamaSpec;
import io.textloom.model.Weights;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Precision;
import java.nio.file.Path;

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
    /** float [rows, hidden]: of the wanted token of each row, above the last layer; what {@link OutputGraph} takes. */
    static final String HIDDEN = "hidden";

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

    /** @throws io.textloom.model.ModelException if a weight is missing or its shape does not fit the spec */
    static Model build(DecoderSpec spec, Weights weights, Precision precision) {
        return build(precision, weights, (g, linears) -> {
            DecoderGraph decoder = new DecoderGraph(spec, weights, computeType(precision), g, linears);
            decoder.declare();
            decoder.connect();
        });
    }

    /** Adds the nodes of a graph. */
    @FunctionalInterface
    interface Content {
        void add(GraphBuilder g, Linears linears);
    }

    /** A graph whose linear layers multiply in a precision. */
    static Model build(Precision precision, Weights weights, Content content) {
        if (precision == Precision.FLOAT32 || precision == Precision.FLOAT16) {
            GraphBuilder g = new GraphBuilder(computeType(precision));
            content.add(g, new FloatLinears(g));
            return new Model(g.toModel(), weights.folder());
        }
        QuantizedWeights quantized = new QuantizedWeights();
        GraphBuilder g = new GraphBuilder(quantized::copy);
        content.add(g, precision == Precision.INT8 ? new Int8Linears(g, quantized) : new Int4Linears(g, quantized));
        byte[] graph = g.toModel();
        return new Model(graph, quantized.write(graph));
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
        graph.output(HIDDEN, DataType.FLOAT32, "rows", spec.trunk().hidden());
        for (int i = 0; i < spec.layers(); i++) {
            Object[] cache = {"rows", spec.kvHeads(), "capacity", spec.headSize()};
            graph.input(pastKey(i), compute, cache);
            graph.input(pastValue(i), compute, cache);
            graph.output(presentKey(i), compute, cache);
            graph.output(presentValue(i), compute, cache);
        }
    }

    private void connect() {
        TokenShape shape = new TokenShape(graph, INPUT_IDS);
        graph.rename(graph.float32(top(spec.trunk(), shape)), HIDDEN);
    }

    /** @return value [rows, hidden] above the last layer, normalised: of the wanted token of each row */
    private String top(DecoderTrunk trunk, TokenShape shape) {
        CachedAttention attention = new CachedAttention(graph, shape, trunk::attention, trunk.layers());
        if (trunk instanceof GptSpec gpt) {
            GptLayers layers = new GptLayers(graph, gpt, weights, linears, attention);
            String embedded = shape.flat(layers.embedded(INPUT_IDS, POSITION_IDS), trunk.hidden());
            return layers.states(embedded, trunk.layers()).get(trunk.layers());
        }
        LlamaLayers layers = new LlamaLayers(graph, (LlamaSpec) trunk, weights, linears, attention);
        String embedded = shape.flat(layers.embedded(INPUT_IDS), trunk.hidden());
        return layers.preNorm(embedded, trunk.layers()).get(trunk.layers());
    }
}
