package io.textloom.runtime;

import io.textloom.model.AttentionSpec;
import io.textloom.runtime.GraphBuilder.Attribute;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Causal attention to a cache of keys and values that is updated in place.
 *
 * <p>Past and present of a layer are bound to the same buffer {@code [rows, keyHeads, capacity, headSize]}; ONNX Runtime's GroupQueryAttention writes
 * the new keys and values at each row's length and attends to what is before, or to the last of it where the layer has a window. Keys are cached with
 * their rotary positions in them.
 */
final class CachedAttention implements Attention {
    private final GraphBuilder g;
    private final TokenShape shape;
    private final IntFunction<AttentionSpec> layers;
    private final Rope rope;

    /** @param layers the attention of each layer, counted from 0 */
    CachedAttention(GraphBuilder g, TokenShape shape, IntFunction<AttentionSpec> layers) {
        this.g = g;
        this.shape = shape;
        this.layers = layers;
        // tokens of all rows end to end as if they were one row: each is told its own place
        this.rope = new Rope(
                g, g.op("Reshape", List.of(DecoderGraph.POSITION_IDS, g.constant("rope_places", new long[] {-1}, 1))));
    }

    @Override
    public String attend(int layer, String query, String key, String value) {
        AttentionSpec spec = layers.apply(layer);
        String attended = "attention_" + layer;
        g.nodeInto(
                GraphBuilder.CONTRIB,
                "GroupQueryAttention",
                List.of(
                        shape.byRow(turned(spec, scaled(query, spec.scale()), spec.width()), spec.width()),
                        shape.byRow(turned(spec, key, spec.keyWidth()), spec.keyWidth()),
                        shape.byRow(value, spec.keyWidth()),
                        DecoderGraph.pastKey(layer),
                        DecoderGraph.pastValue(layer),
                        DecoderGraph.LENGTHS,
                        DecoderGraph.TOTAL_LENGTH),
                List.of(attended, DecoderGraph.presentKey(layer), DecoderGraph.presentValue(layer)),
                Attribute.of("num_heads", (long) spec.heads()),
                Attribute.of("kv_num_heads", (long) spec.keyHeads()),
                Attribute.of("scale", 1f),
                Attribute.of("local_window_size", window(spec)));
        return shape.flat(attended, spec.width());
    }

    /** Scores are scaled by way of the queries: ONNX Runtime has its fast product of one vector and a matrix for a factor of 1 alone. */
    private String scaled(String query, float scale) {
        return scale == 1
                ? query
                : g.op("Mul", List.of(query, g.computed(g.constant("attention_scale" + scale, new float[] {scale}))));
    }

    /** How many tokens the operator lets each one attend to, its own included; -1 for all. */
    private static long window(AttentionSpec spec) {
        return spec.reach() == AttentionSpec.EVERYWHERE ? -1 : spec.reach() + 1;
    }

    private String turned(AttentionSpec spec, String vectors, int width) {
        if (spec.rope().isAbsent()) {
            return vectors;
        }
        String one = g.op("Reshape", List.of(vectors, g.constant("one_row" + width, new long[] {1, -1, width}, 3)));
        return shape.flat(rope.turn(one, spec.rope(), spec.headSize()), width);
    }
}
