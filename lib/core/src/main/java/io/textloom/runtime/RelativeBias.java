package io.textloom.runtime;

import io.textloom.model.TensorInfo;
import io.textloom.runtime.GraphBuilder.Attribute;
import java.util.List;

/**
 * A bias on attention scores by the distance of two tokens, in buckets that widen with it. Source: Raffel et al. 2020 §2.1; Song et al. 2020 use
 * it in both directions, with distances up to 128 apart.
 */
final class RelativeBias {
    private static final int MAX_DISTANCE = 128;

    private final GraphBuilder g;
    private final int maxPositions;

    RelativeBias(GraphBuilder g, int maxPositions) {
        this.g = g;
        this.maxPositions = maxPositions;
    }

    /**
     * @param table [buckets, heads]
     * @return value [1, heads, longest, longest]
     */
    String append(TensorInfo table, int buckets) {
        long[] byDistance = new long[2 * maxPositions - 1];
        for (int i = 0; i < byDistance.length; i++) {
            byDistance[i] = bucket(i - (maxPositions - 1), buckets);
        }
        String longest = g.op(
                "Gather", List.of(g.op("Shape", List.of(EncoderGraph.IDS)), g.constant("bias_axis", new long[] {1})));
        String places = g.op(
                "Range",
                List.of(g.constant("bias_zero", new long[] {0}), longest, g.constant("bias_step", new long[] {1})));
        String keys = g.op("Unsqueeze", List.of(places, g.constant("bias_row", new long[] {0}, 1)));
        String queries = g.op("Unsqueeze", List.of(places, g.constant("bias_column", new long[] {1}, 1)));
        String shifted = g.op("Add", List.of(g.op("Sub", List.of(keys, queries)), g.constant("bias_shift", new long[] {
            maxPositions - 1
        })));
        String bucket = g.op("Gather", List.of(g.constant("bias_buckets", byDistance, byDistance.length), shifted));
        // [longest, longest, heads]
        String values = g.op("Gather", List.of(g.weight(table), bucket));
        String byHead = g.op("Transpose", List.of(values), Attribute.of("perm", List.of(2L, 0L, 1L)));
        return g.op("Unsqueeze", List.of(byHead, g.constant("bias_batch", new long[] {0}, 1)));
    }

    /** @param distance place of the key less place of the query */
    static int bucket(int distance, int buckets) {
        int half = buckets / 2;
        int exact = half / 2;
        int far = Math.abs(distance);
        int bucket = far;
        if (far >= exact) {
            float log = (float) Math.log((float) far / exact) / (float) Math.log((double) MAX_DISTANCE / exact);
            bucket = Math.min(half - 1, exact + (int) (log * (half - exact)));
        }
        return bucket + (distance > 0 ? half : 0);
    }
}
