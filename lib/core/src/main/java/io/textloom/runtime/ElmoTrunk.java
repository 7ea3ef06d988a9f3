package io.textloom.runtime;

import io.textloom.model.ElmoSpec;
import io.textloom.model.Weights;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A stack of LSTMs from the left and one from the right, in ONNX's LSTM operator, which ends each row at its own length; then the mix of their layers, which counts as the last layer. Weights lie as PyTorch has them, gates input,
 * forget, cell, output; ONNX wants input, output, forget, cell, which is rearranged once, when the session opens. Source: Peters et al. 2018 §3.
 */
final class ElmoTrunk implements Trunk {
    private static final List<String> DIRECTIONS = List.of("forward", "backward");
    private static final int GATES = 4;

    private final GraphBuilder g;
    private final ElmoSpec spec;
    private final Weights weights;

    /** @throws io.textloom.model.ModelException if the weights are another model's */
    ElmoTrunk(GraphBuilder g, ElmoSpec spec, Weights weights) {
        this.g = g;
        this.spec = spec;
        this.weights = weights;
    }

    @Override
    public List<String> hiddenStates(int count) {
        g.input(EncoderGraph.IDS, DataType.INT32, "rows", "longest");
        g.input(EncoderGraph.LENGTHS, DataType.INT32, "rows");
        String embedded = byStep(g.rows(
                weights.get("embedding.weight").requireShape(spec.vocabulary(), spec.width()), EncoderGraph.IDS));
        List<String> states = new ArrayList<>();
        states.add(byRow(List.of(embedded, embedded)));
        List<String> below = List.of(embedded, embedded);
        for (int layer = 0; layer < Math.min(count, spec.stack()); layer++) {
            List<String> outputs = new ArrayList<>();
            for (int d = 0; d < DIRECTIONS.size(); d++) {
                String output = lstm(DIRECTIONS.get(d), layer, below.get(d));
                outputs.add(layer == 0 ? output : g.op("Add", List.of(output, below.get(d))));
            }
            states.add(byRow(outputs));
            below = outputs;
        }
        if (count > spec.stack()) {
            states.add(mixed(states));
        }
        return states;
    }

    /** @param input value [longest, rows, width] */
    private String lstm(String direction, int layer, String input) {
        int w = spec.width();
        String name = direction + "." + layer + ".";
        String inputWeight = g.weight(weights.get(name + "weight_ih").requireShape(GATES * w, w));
        String stateWeight = g.weight(weights.get(name + "weight_hh").requireShape(GATES * w, w));
        String bias = g.op(
                "Concat",
                List.of(
                        gates(g.weight(weights.get(name + "bias").requireShape(GATES * w))),
                        g.constant("no_bias", new float[GATES * w], GATES * w)),
                Attribute.of("axis", 0L));
        String output = g.op(
                "LSTM",
                List.of(
                        input,
                        oneDirection(gates(inputWeight)),
                        oneDirection(gates(stateWeight)),
                        oneDirection(bias),
                        EncoderGraph.LENGTHS),
                Attribute.of("hidden_size", (long) w),
                Attribute.of("direction", direction.equals("forward") ? "forward" : "reverse"));
        return g.op("Squeeze", List.of(output, g.constant("directions", new long[] {1}, 1)));
    }

    /** From PyTorch's order of gates to ONNX's. */
    private String gates(String weight) {
        List<String> parts =
                g.node("", "Split", List.of(weight), GATES, Attribute.of("axis", 0L), Attribute.of("num_outputs", (long)
                        GATES));
        return g.op(
                "Concat", List.of(parts.get(0), parts.get(3), parts.get(1), parts.get(2)), Attribute.of("axis", 0L));
    }

    private String oneDirection(String weight) {
        return g.op("Unsqueeze", List.of(weight, g.constant("axis0", new long[] {0}, 1)));
    }

    /** [rows, longest, width] to [longest, rows, width]. */
    private String byStep(String byRow) {
        return g.op("Transpose", List.of(byRow), Attribute.of("perm", List.of(1L, 0L, 2L)));
    }

    /** Both directions side by side, [rows, longest, hidden]. */
    private String byRow(List<String> directions) {
        return byStep(g.op("Concat", directions, Attribute.of("axis", 2L)));
    }

    private String mixed(List<String> states) {
        List<String> parts = new ArrayList<>();
        for (int layer = 0; layer < states.size(); layer++) {
            float weight = (float) (spec.scale() * spec.mix().get(layer));
            parts.add(g.op("Mul", List.of(states.get(layer), g.constant("mix" + layer, new float[] {weight}, 1))));
        }
        return g.op("Sum", parts);
    }

    @Override
    public String pooler(String tokens) {
        throw Trunk.noPooler("ELMo");
    }

    @Override
    public Path weightsFolder() {
        return weights.folder();
    }
}
