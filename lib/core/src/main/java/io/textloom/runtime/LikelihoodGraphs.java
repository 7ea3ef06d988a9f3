package io.textloom.runtime;

import io.textloom.model.EncoderSpec;
import io.textloom.model.ModelFolder;
import io.textloom.model.TensorInfo;
import io.textloom.model.Weights;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Precision;
import java.util.List;
import java.util.Optional;

/**
 * The two graphs that say how likely tokens are: a decoder over whole texts, which gives the last hidden states of wanted places, and its output head, which
 * makes of such states the log-probabilities of given tokens. They are two so that the head can be run in parts: logits are the vocabulary times as many.
 */
final class LikelihoodGraphs {
    /** float [states, hidden] */
    static final String STATES = "textloom_states";
    /** int64 [targets, 2]: which state, and which token is to come after it. */
    static final String TARGETS = "textloom_targets";
    /** float [targets]: natural logarithms of the probabilities. */
    static final String LOGPROBS = "textloom_logprobs";
    /** float [targets]: how much smaller they are than the likeliest token's; 0 for that one, else below. */
    static final String MARGINS = "textloom_margins";

    private LikelihoodGraphs() {}

    static EncoderGraph trunk(ModelFolder folder, Weights weights, Precision precision, Device device) {
        EncoderSpec spec = folder.encoderSpec();
        EncoderRequest states = new EncoderRequest(Optional.empty(), true, false, List.of(-1), false, precision);
        GraphBuilder g = EncoderGraphs.graph(precision);
        Trunk trunk = EncoderGraphs.trunk(g, spec, weights, states, EncoderGraphs.linears(g, precision), device);
        String tokens = trunk.hiddenStates(spec.layers()).get(spec.layers());
        g.input(EncoderGraph.WANTED, DataType.INT32, "wanted");
        String flat = new TokenShape(g, EncoderGraph.IDS).flat(tokens, spec.hidden());
        String wanted = g.op("Gather", List.of(flat, EncoderGraph.WANTED));
        g.nodeInto("", "Identity", List.of(g.float32(wanted)), List.of(EncoderGraph.TOKENS));
        g.output(EncoderGraph.TOKENS, DataType.FLOAT32, "wanted", spec.hidden());
        return new EncoderGraph(
                g.toModel(),
                EncoderGraph.Form.FUSED,
                Optional.empty(),
                false,
                true,
                0,
                spec.hidden(),
                Optional.of(trunk.weightsFolder()));
    }

    /** @param weight [vocabulary, hidden] */
    static byte[] head(TensorInfo weight, int hidden, Precision precision) {
        GraphBuilder g = EncoderGraphs.graph(precision);
        g.input(STATES, DataType.FLOAT32, "states", hidden);
        g.input(TARGETS, DataType.INT64, "targets", 2);
        String logits = g.float32(EncoderGraphs.linears(g, precision).linear(g.computed(STATES), weight, ""));
        String all = g.op("LogSoftmax", List.of(logits), Attribute.of("axis", -1L));
        g.nodeInto("", "GatherND", List.of(all, TARGETS), List.of(LOGPROBS));
        String best = g.op(
                "ReduceMax",
                List.of(all, g.constant("vocabulary_axis", new long[] {1}, 1)),
                Attribute.of("keepdims", 0L));
        String states =
                g.op("Gather", List.of(TARGETS, g.constant("state_column", new long[] {0})), Attribute.of("axis", 1L));
        String bests = g.op("Gather", List.of(best, states));
        g.nodeInto("", "Sub", List.of(LOGPROBS, bests), List.of(MARGINS));
        g.output(LOGPROBS, DataType.FLOAT32, "targets");
        g.output(MARGINS, DataType.FLOAT32, "targets");
        return g.toModel();
    }
}
