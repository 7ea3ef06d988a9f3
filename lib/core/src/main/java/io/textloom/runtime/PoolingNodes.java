package io.textloom.runtime;

import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import io.textloom.tensor.Pooling;
import java.util.List;

/** Graph nodes from token vectors [rows, longest, hidden] to text vectors [rows, hidden], for any ONNX opset from 7 on. */
final class PoolingNodes {
    /** From here on, ReduceMax takes its axes as an input. */
    private static final int AXES_AS_INPUT = 18;

    private PoolingNodes() {}

    /**
     * Adds the input {@link EncoderGraph#POOLING} unless the pooling is CLS, and the output {@link EncoderGraph#EMBEDDING}.
     *
     * @param normalize whether the output is scaled to length 1
     * @param tokens the value that holds the token vectors
     */
    static void append(GraphBuilder g, Pooling pooling, boolean normalize, String tokens, int hidden, long opset) {
        if (pooling != Pooling.CLS) {
            g.input(EncoderGraph.POOLING, DataType.FLOAT32, "rows", "longest");
        }
        String pooled = switch (pooling) {
            case MEAN -> mean(g, tokens);
            case MAX -> max(g, tokens, opset);
            case CLS -> first(g, tokens);
        };
        Attribute[] length = {Attribute.of("axis", -1L), Attribute.of("p", 2L)};
        g.nodeInto(
                "",
                normalize ? "LpNormalization" : "Identity",
                List.of(pooled),
                List.of(EncoderGraph.EMBEDDING),
                normalize ? length : new Attribute[0]);
        g.output(EncoderGraph.EMBEDDING, DataType.FLOAT32, "rows", hidden);
    }

    /** A product with the weights 1/length and 0. */
    private static String mean(GraphBuilder g, String tokens) {
        String asRow = g.constant("textloom_row_shape", new long[] {0, 1, -1}, 3);
        String sum = g.op("MatMul", List.of(g.op("Reshape", List.of(EncoderGraph.POOLING, asRow)), tokens));
        return g.op("Reshape", List.of(sum, g.constant("textloom_vector_shape", new long[] {0, -1}, 2)));
    }

    private static String max(GraphBuilder g, String tokens, long opset) {
        String asColumn = g.constant("textloom_column_shape", new long[] {0, -1, 1}, 3);
        String masked = g.op("Add", List.of(tokens, g.op("Reshape", List.of(EncoderGraph.POOLING, asColumn))));
        Attribute keep = Attribute.of("keepdims", 0L);
        return opset >= AXES_AS_INPUT
                ? g.op("ReduceMax", List.of(masked, g.constant("textloom_axis", new long[] {1}, 1)), keep)
                : g.op("ReduceMax", List.of(masked), keep, Attribute.of("axes", List.of(1L)));
    }

    private static String first(GraphBuilder g, String tokens) {
        return g.op("Gather", List.of(tokens, g.constant("textloom_first", new long[] {0})), Attribute.of("axis", 1L));
    }
}
