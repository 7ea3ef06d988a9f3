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
    private final int last;
    private final Rope rope;

    /**
     * @param layers the attention of each layer, counted from 0
     * @param count how many layers: above the last one's attention only the vector that is wanted of each row is kept
     */
    CachedAttention(GraphBuilder g, TokenShape shape, IntFunction<AttentionSpec> layers, int count) {
        this.g = g;
        this.shape = shape;
        this.layers = layers;
        this.last = count - 1;
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
        return layer == last ? wanted(attended) : shape.flat(attended, spec.width());
    }

    /** The last layer's products are for one token of each row, which spares most of that layer when a prompt's tokens only fill the cache. */
    @Override
    public String above(int layer, String vectors, int width) {
        return layer == last ? wanted(shape.byRow(vectors, width)) : vectors;
    }

    /** [rows, tokens, width] to [rows, width]. */
    private String wanted(String vectors) {
        return g.op("GatherND", List.of(vectors, DecoderGraph.LAST_INDEX), Attribute.of("batch_dims", 1L));
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
