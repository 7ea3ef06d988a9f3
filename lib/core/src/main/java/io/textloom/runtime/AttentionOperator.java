package io.textloom.runtime;

import io.textloom.model.AttentionSpec;
import io.textloom.runtime.GraphBuilder.Attribute;
import io.textloom.tensor.DataType;
import java.util.List;

/**
 * The attention operator that a device is fast in, over whole sequences padded on the right.
 *
 * <p>On CPUs ONNX's own Attention, which reads the heads where they lie; on cards ONNX Runtime's MultiHeadAttention, which CUDA's fused kernels stand
 * behind, and which wants keys of every head: those of grouped heads are repeated.
 */
final class AttentionOperator {
    private final GraphBuilder g;
    private final TokenShape shape;
    private final boolean card;
    /** int64 [rows]: how many keys of each row are not padding. */
    private String realKeys = "";

    AttentionOperator(GraphBuilder g, TokenShape shape, Device device) {
        this.g = g;
        this.shape = shape;
        this.card = device.kind() != Device.Kind.CPU;
    }

    /**
     * @param spec its reach and positions are the caller's business
     * @param query value [tokens, heads * headSize]
     * @param key value [tokens, keyHeads * headSize]
     * @param value value [tokens, keyHeads * headSize]
     * @param bias value added to the scores, that spreads to [rows, heads, longest, longest]; empty for none
     * @return value [tokens, heads * headSize]
     */
    String append(AttentionSpec spec, String query, String key, String value, String bias) {
        String q = shape.byRow(query, spec.width());
        String k = shape.byRow(key, spec.keyWidth());
        String v = shape.byRow(value, spec.keyWidth());
        return shape.flat(card ? multiHead(spec, q, k, v, bias) : onnx(spec, q, k, v, bias), spec.width());
    }

    private String onnx(AttentionSpec spec, String query, String key, String value, String bias) {
        return g.op(
                "Attention",
                List.of(query, key, value, bias, "", "", spec.causal() ? "" : realKeys()),
                Attribute.of("q_num_heads", (long) spec.heads()),
                Attribute.of("kv_num_heads", (long) spec.keyHeads()),
                Attribute.of("scale", spec.scale()),
                Attribute.of("is_causal", spec.causal() ? 1L : 0L));
    }

    private String multiHead(AttentionSpec spec, String query, String key, String value, String bias) {
        List<String> inputs = List.of(
                query, repeated(spec, key), repeated(spec, value), "", spec.causal() ? "" : EncoderGraph.LENGTHS, bias);
        return g.contrib(
                "MultiHeadAttention",
                inputs,
                Attribute.of("num_heads", (long) spec.heads()),
                Attribute.of("scale", spec.scale()),
                Attribute.of("unidirectional", spec.causal() ? 1L : 0L));
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

    private String realKeys() {
        if (realKeys.isEmpty()) {
            realKeys = g.op("Cast", List.of(EncoderGraph.LENGTHS), Attribute.of("to", DataType.INT64.onnxCode()));
        }
        return realKeys;
    }
}
