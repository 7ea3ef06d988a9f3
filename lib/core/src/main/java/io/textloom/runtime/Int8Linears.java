package io.textloom.runtime;

import io.textloom.model.TensorInfo;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Products of 8-bit integers: weights with one scale per output, inputs with one scale per token, so that a token's codes do not depend on its neighbours.
 *
 * <p>Weights are quantised by the graph itself, which ONNX Runtime folds when the session opens, or beforehand in {@link QuantizedWeights}. Inputs are unsigned around {@value #ZERO}: products of
 * signed ones have no fast kernel. Sources: Jacob et al. 2018 §2 (the arithmetic); Yao et al. 2022 §3 (a scale per token).
 */
final class Int8Linears implements Linears {
    private static final int ZERO = 128;
    private static final float LARGEST = 127;

    /** Scale of a token that is all zeros. */
    private static final float LEAST_SCALE = 1e-20f;

    private final GraphBuilder g;
    private final Optional<QuantizedWeights> quantized;
    private final Map<String, Quantized> inputs = new HashMap<>();
    private final Map<String, Quantized> weights = new HashMap<>();

    /**
     * @param codes value, 8-bit
     * @param scales value: of inputs [tokens, 1], of weights [out]
     */
    private record Quantized(String codes, String scales) {}

    /** The graph quantises the weights. */
    Int8Linears(GraphBuilder g) {
        this.g = g;
        this.quantized = Optional.empty();
    }

    /** The weights are quantised beforehand, which takes no memory to speak of. */
    Int8Linears(GraphBuilder g, QuantizedWeights quantized) {
        this.g = g;
        this.quantized = Optional.of(quantized);
    }

    /** The scale of numbers none of which is larger. */
    static float scale(float largest) {
        return Math.max(largest * (1 / LARGEST), LEAST_SCALE);
    }

    @Override
    public String linear(String input, TensorInfo weight, String bias) {
        return product(input, weights.computeIfAbsent(weight.name(), name -> weight(weight, 1)), bias);
    }

    @Override
    public String conv1d(String input, TensorInfo weight, String bias) {
        return product(input, weights.computeIfAbsent(weight.name(), name -> weight(weight, 0)), bias);
    }

    private String product(String input, Quantized weight, String bias) {
        Quantized tokens = inputs.computeIfAbsent(input, this::input);
        String sums = g.contrib(
                "MatMulIntegerToFloat",
                List.of(tokens.codes(), weight.codes(), g.constant("one", new float[] {1}), weight.scales(), zero()));
        String product = g.op("Mul", List.of(sums, tokens.scales()));
        // as a row: ONNX Runtime would fuse the sum with a plain vector and a GELU behind it into its slow BiasGelu
        return bias.isEmpty() ? product : g.op("Add", List.of(product, reshape(bias, "row", 1, -1)));
    }

    /** Quantises each token once, however many layers read it. */
    private Quantized input(String input) {
        String axis = g.constant("last_axis", new long[] {-1}, 1);
        String largest = g.op("ReduceMax", List.of(g.op("Abs", List.of(input)), axis), Attribute.of("keepdims", 0L));
        String scales = scales(largest);
        String zeros = g.op("Expand", List.of(zero(), g.op("Shape", List.of(scales))));
        String codes = g.op("QuantizeLinear", List.of(input, scales, zeros), Attribute.of("axis", 0L));
        return new Quantized(codes, reshape(scales, "column", -1, 1));
    }

    /** @param inputs axis of the stored matrix that the product sums over */
    private Quantized weight(TensorInfo tensor, int inputs) {
        if (quantized.isPresent()) {
            QuantizedWeights.Matrix matrix = quantized.get().int8(tensor, inputs == 0);
            String codes =
                    g.op("Transpose", List.of(g.initializer(matrix.codes())), Attribute.of("perm", List.of(1L, 0L)));
            return new Quantized(codes, g.initializer(matrix.scales()));
        }
        String stored = g.weight(tensor);
        String byOutput =
                inputs == 1 ? g.op("Transpose", List.of(stored), Attribute.of("perm", List.of(1L, 0L))) : stored;
        String axis = g.constant("axis0", new long[] {0}, 1);
        String scales =
                scales(g.op("ReduceMax", List.of(g.op("Abs", List.of(byOutput)), axis), Attribute.of("keepdims", 0L)));
        String codes = g.op("Round", List.of(g.op("Div", List.of(byOutput, scales))));
        return new Quantized(g.op("Cast", List.of(codes), Attribute.of("to", DataType.INT8.onnxCode())), scales);
    }

    private String scales(String largest) {
        String scales = g.op("Mul", List.of(largest, g.constant("one_code", new float[] {1 / LARGEST})));
        return g.op("Max", List.of(scales, g.constant("least_scale", new float[] {LEAST_SCALE})));
    }

    private String zero() {
        return g.constant("zero_code", (byte) ZERO);
    }

    private String reshape(String value, String name, long... shape) {
        return g.op("Reshape", List.of(value, g.constant(name, shape, shape.length)));
    }
}
