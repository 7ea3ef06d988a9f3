package io.textloom.runtime;

import io.textloom.model.AttentionSpec;
import io.textloom.model.RopeSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Attention within whole sequences, padded on the right.
 *
 * <p>Causal layers need no mask for padding: it comes after all real tokens. Padding attends too, so that its vectors are finite numbers.
 */
final class SequenceAttention implements Attention {
    /** Added to the score of a token out of reach: its weight becomes 0, and in half precision the sum does not overflow. */
    private static final float OUT_OF_REACH = -30_000;

    private final GraphBuilder g;
    private final TokenShape shape;
    private final AttentionOperator operator;
    private final IntFunction<AttentionSpec> layers;
    private final Rope rope;
    private final Map<Integer, String> bands = new HashMap<>();

    /** @param layers the attention of each layer, counted from 0 */
    SequenceAttention(GraphBuilder g, TokenShape shape, IntFunction<AttentionSpec> layers, Device device) {
        this.g = g;
        this.shape = shape;
        this.operator = new AttentionOperator(g, shape, device);
        this.layers = layers;
        this.rope = new Rope(g, shape.places());
    }

    @Override
    public String attend(int layer, String query, String key, String value) {
        AttentionSpec spec = layers.apply(layer);
        boolean everywhere = spec.reach() == AttentionSpec.EVERYWHERE;
        return operator.append(
                spec,
                turned(spec, query, spec.width()),
                turned(spec, key, spec.keyWidth()),
                value,
                everywhere ? "" : bands.computeIfAbsent(spec.reach(), this::band));
    }

    private String turned(AttentionSpec spec, String vectors, int width) {
        RopeSpec positions = spec.rope();
        return positions.isAbsent()
                ? vectors
                : shape.flat(rope.turn(shape.byRow(vectors, width), positions, spec.headSize()), width);
    }

    /** What is added to scores by distance, [1, 1, longest, longest]. */
    private String band(int reach) {
        String distance = g.op("Abs", List.of(g.op("Sub", List.of(shape.places(0), shape.places(1)))));
        String far = g.op("Greater", List.of(distance, g.constant("reach" + reach, new long[] {reach})));
        String band = g.op(
                "Where",
                List.of(
                        far,
                        g.constant("out_of_reach", new float[] {OUT_OF_REACH}),
                        g.constant("in_reach", new float[] {0})));
        return g.op("Unsqueeze", List.of(g.computed(band), g.constant("band_axes", new long[] {0, 1}, 2)));
    }
}
