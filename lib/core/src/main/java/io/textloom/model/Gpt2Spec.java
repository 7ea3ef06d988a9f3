package io.textloom.model;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * The shape of a GPT-2 model, from {@code config.json}. Source: Radford et al. 2019.
 *
 * @param innerSize width of the feed-forward layer: n_inner, or 4 * n_embd where that is null
 * @param maxPositions n_positions, the longest context; unit: tokens
 * @param scaleByHeadSize scale_attn_weights: attention scores are divided by the square root of the head size
 * @param scaleByLayer scale_attn_by_inverse_layer_idx: they are also divided by the layer's number, counted from 1
 */
public record Gpt2Spec(
        int hidden,
        int layers,
        int heads,
        int innerSize,
        int vocabulary,
        int maxPositions,
        float layerNormEpsilon,
        boolean scaleByHeadSize,
        boolean scaleByLayer,
        Activation activation)
        implements GptSpec {
    public Gpt2Spec {
        ConfigValues.heads("n_embd", hidden, "n_head", heads);
        ConfigValues.layerCount("n_layer", layers);
        ConfigValues.positive("n_inner", innerSize);
        ConfigValues.positive("n_positions", maxPositions);
        ConfigValues.positive("vocab_size", vocabulary);
        ConfigValues.positive("layer_norm_epsilon", layerNormEpsilon);
    }

    /** @throws ModelException if the config is not that of such a model */
    static Gpt2Spec of(JsonNode config) {
        if (ConfigValues.flag(config, "add_cross_attention", false)) {
            throw new ModelException("config.json has add_cross_attention true; expected a decoder-only model");
        }
        int hidden = ConfigValues.integer(config, "n_embd");
        return new Gpt2Spec(
                hidden,
                ConfigValues.integer(config, "n_layer"),
                ConfigValues.integer(config, "n_head"),
                ConfigValues.integer(config, "n_inner", 4 * hidden),
                ConfigValues.integer(config, "vocab_size"),
                ConfigValues.integer(config, config.has("n_positions") ? "n_positions" : "n_ctx"),
                (float) ConfigValues.number(config, "layer_norm_epsilon", 1e-5),
                ConfigValues.flag(config, "scale_attn_weights", true),
                ConfigValues.flag(config, "scale_attn_by_inverse_layer_idx", false),
                Activation.byName("activation_function", ConfigValues.text(config, "activation_function", "gelu_new")));
    }

    @Override
    public AttentionSpec attention(int layer) {
        return AttentionSpec.plain(hidden, heads, true).withScale(attentionScale(layer));
    }

    private float attentionScale(int layer) {
        double scale = scaleByHeadSize ? 1 / Math.sqrt(hidden / heads) : 1;
        return (float) (scaleByLayer ? scale / (layer + 1) : scale);
    }
}
