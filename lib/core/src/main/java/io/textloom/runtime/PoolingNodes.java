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

    /** Adds the input {@link EncoderGraph#POOLING} where {@link EncoderGraph#takesPooling} says so. The pooler is no business of this class. */
    static String append(GraphBuilder g, Pooling pooling, String tokens, long opset) {
        if (EncoderGraph.takesPooling(pooling)) {
            g.input(EncoderGraph.POOLING, DataType.FLOAT32, "rows", "longest");
        }
        return switch (pooling) {
            case MEAN, MEAN_SQRT_LEN, LAST -> weightedSum(g, tokens);
            case MAX -> max(g, tokens, opset);
            case CLS -> first(g, tokens);
            case POOLER -> throw new IllegalArgumentException("A pooler is a layer of the model");
        };
    }

    /** Vectors of length 1. */
    static String normalized(GraphBuilder g, String vectors) {
        return g.op("LpNormalization", List.of(vectors), Attribute.of("axis", -1L), Attribute.of("p", 2L));
    }

    /** The first token's vectors, [rows, hidden]. */
    static String first(GraphBuilder g, String tokens) {
        return g.op("Gather", List.of(tokens, g.constant("textloom_first", new long[] {0})), Attribute.of("axis", 1L));
    }

    private static String weightedSum(GraphBuilder g, String tokens) {
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
}
