package io.textloom.runtime;

import io.textloom.model.TensorInfo;
import io.textloom.runtime.GraphBuilder.Attribute;
import java.util.List;

/**
 * Products with weights of 4 bits in blocks: see {@link Int4Blocks}. Inputs are 8-bit integers in blocks of one token each, so that a token's codes do
 * not depend on its neighbours.
 */
final class Int4Linears implements Linears {
    /** Of ONNX Runtime's MatMulNBits: inputs as 8-bit integers. */
    private static final long INT8_INPUTS = 4;

    private final GraphBuilder g;
    private final QuantizedWeights weights;

    Int4Linears(GraphBuilder g, QuantizedWeights weights) {
        this.g = g;
        this.weights = weights;
    }

    @Override
    public String linear(String input, TensorInfo weight, String bias) {
        return product(input, weights.int4(weight, false), bias);
    }

    @Override
    public String conv1d(String input, TensorInfo weight, String bias) {
        return product(input, weights.int4(weight, true), bias);
    }

    private String product(String input, QuantizedWeights.Matrix matrix, String bias) {
        String codes = g.initializer(matrix.codes());
        String scales = g.initializer(matrix.scales());
        return g.contrib(
                "MatMulNBits",
                bias.isEmpty() ? List.of(input, codes, scales) : List.of(input, codes, scales, "", "", bias),
                Attribute.of("K", (long) matrix.source().inputs()),
                Attribute.of("N", (long) matrix.source().outputs()),
                Attribute.of("bits", 4L),
                Attribute.of("block_size", (long) Int4Blocks.VALUES),
                Attribute.of("accuracy_level", INT8_INPUTS));
    }
}
