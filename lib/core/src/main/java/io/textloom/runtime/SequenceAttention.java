package io.textloom.runtime;

import io.textloom.model.AttentionSpec;
import io.textloom.model.RopeSpec;
import io.textloom.runtime.GraphBuilder.Attribute;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;

/**
 * Attention within whole sequences, padded on the right.
 *
 * <p>Causal layers need no mask for padding: it comes after all real tokens. Padding attends too, so that its vectors are finite numbers. Operator:
 * ONNX Runtime's MultiHeadAttention, which wants keys of every head; those of grouped heads are repeated.
 */
final class SequenceAttention implements Attention {
    /** Added to the score of a token out of reach: its weight becomes 0, in half precision too. */
    private static final float OUT_OF_REACH = -65504;

    private final GraphBuilder g;
    private final TokenShape shape;
    private final IntFunction<AttentionSpec> layers;
    private final Rope rope;
    private final Map<Integer, String> bands = new HashMap<>();

    /** @param layers the attention of each layer, counted from 0 */
    SequenceAttention(GraphBuilder g, TokenShape shape, IntFunction<AttentionSpec> layers) {
        this.g = g;
        this.shape = shape;
        this.layers = layers;
        this.rope = new Rope(g, shape.places());
    }

    @Override
    public String attend(int layer, String query, String key, String value) {
        AttentionSpec spec = layers.apply(layer);
        List<String> inputs = new ArrayList<>();
        inputs.add(turned(spec, shape.byRow(query, spec.width())));
        inputs.add(repeated(spec, turned(spec, shape.byRow(key, spec.keyWidth()))));
        inputs.add(repeated(spec, shape.byRow(value, spec.keyWidth())));
        inputs.add("");
        inputs.add(spec.causal() ? "" : EncoderGraph.LENGTHS);
        if (spec.reach() != AttentionSpec.EVERYWHERE) {
            inputs.add(bands.computeIfAbsent(spec.reach(), this::band));
        }
        String attended = g.contrib(
                "MultiHeadAttention",
                inputs,
                Attribute.of("num_heads", (long) spec.heads()),
                Attribute.of("scale", spec.scale()),
                Attribute.of("unidirectional", spec.causal() ? 1L : 0L));
        return shape.flat(attended, spec.width());
    }

    private String turned(AttentionSpec spec, String vectors) {
        RopeSpec positions = spec.rope();
        return positions.isAbsent() ? vectors : rope.turn(vectors, positions, spec.headSize());
    }

    /** [rows, longest, keyHeads * headSize] to [rows, longest, heads * headSize]. */
    private String repeated(AttentionSpec spec, String vectors) {
        int group = spec.heads() / spec.keyHeads();
        if (group == 1) {
            return vectors;
        }
        String heads = g.op(
                "Reshape",
                List.of(vectors, g.constant("key_heads", new long[] {-1, spec.keyHeads(), 1, spec.headSize()}, 4)));
        String repeated = g.op("Expand", List.of(heads, g.constant("key_group", new long[] {1, 1, group, 1}, 4)));
        return shape.byRow(repeated, spec.width());
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
        return g.op("Unsqueeze", List.of(band, g.constant("band_axes", new long[] {0, 1}, 2)));
    }
}
