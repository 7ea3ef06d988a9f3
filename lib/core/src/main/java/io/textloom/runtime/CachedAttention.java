package io.textloom.runtime;

import io.textloom.model.AttentionSpec;
import io.textloom.runtime.GraphBuilder.Attribute;
import java.util.List;
import java.util.function.IntFunction;

/**
 * Causal attention to a cache of keys and values that is updated in place.
 *
 * <p>Past and present of a layer are bound to the same buffer {@code [rows, keyHeads, capacity, headSize]}; ONNX Runtime's GroupQueryAttention writes
 * the new keys and values at each row's length and attends to what is before.
 */
final class CachedAttention implements Attention {
    private final GraphBuilder g;
    private final TokenShape shape;
    private final IntFunction<AttentionSpec> layers;

    /** @param layers the attention of each layer, counted from 0; without windows or rotary positions */
    CachedAttention(GraphBuilder g, TokenShape shape, IntFunction<AttentionSpec> layers) {
        this.g = g;
        this.shape = shape;
        this.layers = layers;
    }

    @Override
    public String attend(int layer, String query, String key, String value) {
        AttentionSpec spec = layers.apply(layer);
        if (!spec.rope().isAbsent() || spec.reach() != AttentionSpec.EVERYWHERE || !spec.causal()) {
            throw new IllegalArgumentException("Layer " + layer + " has " + spec
                    + "; expected causal attention without rotary positions or a window");
        }
        String attended = "attention_" + layer;
        g.nodeInto(
                GraphBuilder.CONTRIB,
                "GroupQueryAttention",
                List.of(
                        shape.byRow(query, spec.width()),
                        shape.byRow(key, spec.keyWidth()),
                        shape.byRow(value, spec.keyWidth()),
                        DecoderGraph.pastKey(layer),
                        DecoderGraph.pastValue(layer),
                        DecoderGraph.LENGTHS,
                        DecoderGraph.TOTAL_LENGTH),
                List.of(attended, DecoderGraph.presentKey(layer), DecoderGraph.presentValue(layer)),
                Attribute.of("num_heads", (long) spec.heads()),
                Attribute.of("kv_num_heads", (long) spec.keyHeads()),
                Attribute.of("scale", spec.scale()));
        return shape.flat(attended, spec.width());
    }
}
