package io.textloom.runtime;

import io.textloom.model.DecoderSpec;
import io.textloom.model.GptSpec;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Precision;
import java.util.List;

/**
 * What comes above a {@link DecoderGraph}: the product with the vocabulary, the largest of all, and what is wanted of it. A graph of its own, so that a prompt
 * passes the layers without it: only the token that is followed by a new one needs logits.
 */
final class OutputGraph {
    /** float [rows, vocabulary] */
    static final String LOGITS = "logits";
    /** float [rows]: logarithm of the sum of the exponentials of the logits. */
    static final String LOG_SUM = "log_sum";
    /** int64 [rows]: the likeliest token, the first of equals. */
    static final String LIKELIEST = "likeliest";

    private OutputGraph() {}

    /** @throws io.textloom.model.ModelException if a weight is missing or its shape does not fit the spec */
    static DecoderGraph.Model build(DecoderSpec spec, Weights weights, Precision precision) {
        return DecoderGraph.build(precision, weights, (g, linears) -> append(g, linears, spec, weights));
    }

    private static void append(GraphBuilder g, Linears linears, DecoderSpec spec, Weights weights) {
        int hidden = spec.trunk().hidden();
        g.input(DecoderGraph.HIDDEN, DataType.FLOAT32, "rows", hidden);
        g.output(LOGITS, DataType.FLOAT32, "rows", spec.vocabularySize());
        g.output(LOG_SUM, DataType.FLOAT32, "rows");
        g.output(LIKELIEST, DataType.INT64, "rows");
        TensorInfo head = head(spec, weights).requireShape(spec.vocabularySize(), hidden);
        String logits = linears.linear(g.computed(DecoderGraph.HIDDEN), head, "");
        g.rename(g.float32(logits), LOGITS);
        choose(g);
    }

    private static TensorInfo head(DecoderSpec spec, Weights weights) {
        if (!spec.tiedHead()) {
            return weights.get("lm_head.weight");
        }
        return spec.trunk() instanceof GptSpec gpt ? GptLayers.words(gpt, weights) : LlamaLayers.words(weights);
    }

    /** What greedy decoding and log-probabilities need, so that the logits themselves need not leave native memory. */
    private static void choose(GraphBuilder g) {
        Attribute last = Attribute.of("axis", -1L);
        String likeliest = g.op("ArgMax", List.of(LOGITS), last, Attribute.of("keepdims", 1L));
        String axis = g.constant("token_axis", new long[] {-1}, 1);
        g.nodeInto("", "Squeeze", List.of(likeliest, axis), List.of(LIKELIEST));
        // LogSoftmax is vectorised, ReduceLogSumExp is not; a Log of all rows at once would round by the row's place
        String logProbabilities = g.op("LogSoftmax", List.of(LOGITS), last);
        String largest = g.op("GatherElements", List.of(LOGITS, likeliest), last);
        String best = g.op("GatherElements", List.of(logProbabilities, likeliest), last);
        g.nodeInto("", "Squeeze", List.of(g.op("Sub", List.of(largest, best)), axis), List.of(LOG_SUM));
    }
}
